internal import CKernels

/// The keys and values of one stream's tokens, in every layer. All of it is there before the first token.
///
/// A layer's keys are (kvHeads, capacity / 16, headDim, 16), its values (kvHeads, capacity, headDim).
public final class KeyValueCache {
  /// Most tokens it holds.
  public let capacity: Int
  /// Tokens in it.
  public internal(set) var count = 0
  private let arena: FloatArena
  private let layerFloats: Int

  /// Bytes of a cache for so many positions, or nil when no machine has them.
  public static func bytes(_ config: LlamaConfig, positions: Int) -> Int? {
    let rounded = capacity(positions)
    var count = 8 * config.layers * config.keyValueHeads * config.headDim
    let overflow: Bool
    (count, overflow) = count.multipliedReportingOverflow(by: rounded)
    return overflow ? nil : count
  }

  private static func capacity(_ positions: Int) -> Int {
    let block = Int(CK_CACHE_BLOCK)
    return (max(positions, 1) + block - 1) / block * block
  }

  /// Throws `LlamaModelError.outOfMemory`, also where the machine's memory is smaller.
  init(_ config: LlamaConfig, positions: Int) throws(LlamaModelError) {
    capacity = Self.capacity(positions)
    layerFloats = config.keyValueHeads * config.headDim * capacity
    arena = try FloatArena(count: 2 * config.layers * layerFloats)
  }

  func keys(_ layer: Int) -> UnsafeMutablePointer<Float> { arena.base + 2 * layer * layerFloats }

  func values(_ layer: Int) -> UnsafeMutablePointer<Float> { arena.base + (2 * layer + 1) * layerFloats }

  /// Forgets all tokens; what is written next takes their places.
  public func clear() { count = 0 }
}
