/// One parser under attack: any bytes may come in, and what comes out must keep its promises.
///
/// The same function runs in libFuzzer (`./dev fuzz`) and over the committed corpus in the normal tests.
public struct FuzzTarget: Sendable {
  /// The name of the target and of its folder in `Fuzz/corpus`.
  public let name: String
  /// Longest input worth trying, in bytes.
  public let longest: Int
  private let body: @Sendable ([UInt8]) throws -> Bool

  /// - Parameter body: whether the input was accepted; throws ``BrokenPromise`` for what must never happen.
  init(_ name: String, longest: Int = 4096, _ body: @escaping @Sendable ([UInt8]) throws -> Bool) {
    self.name = name
    self.longest = longest
    self.body = body
  }

  /// Gives the parser an input. Returns whether it accepted it.
  ///
  /// - Throws: ``BrokenPromise``; every other error is one the parser may not throw.
  @discardableResult
  public func check(_ input: [UInt8]) throws -> Bool { try body(input) }

  /// Every target.
  public static let all: [FuzzTarget] = [
    .json, .canonical, .rows, .csv, .table, .layout, .pair, .batch, .origins, .run, .checkpoint, .report,
    .reasons,
    .seedFile,
    .dataset, .lockFile,
    .patchLine, .operation, .operationLog, .format, .staging, .node, .pack, .packIndex, .gzip, .zstd,
    .refName, .recordID,
    .revision, .gitText, .recipe, .safetensors, .gguf, .shardIndex, .modelConfig, .adapterConfig,
    .tokenizerJSON, .tokenizerModel, .metricsLine, .textPattern, .ruleSet, .tokenEncoder, .normalForm,
    .rougeLSegment, .ngramSegment,
  ]
}

/// Something happened that a parser promises never to do.
public struct BrokenPromise: Error, CustomStringConvertible {
  /// Which promise.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Throws unless a promise holds.
func promise(_ isKept: Bool, _ text: @autoclosure () -> String) throws {
  if !isKept { throw BrokenPromise(text()) }
}
