import CZstd
import Records
import Synchronization

/// A dictionary object in the forms zstd wants: digested for writing, which all threads share, and copies with room for an
/// object, of which each thread that reads has one.
final class CompressionDictionary: @unchecked Sendable {
  let id: ObjectID
  /// 1 for a store's first dictionary; the highest is the one new packs use.
  let number: UInt64
  private let bytes: [UInt8]
  private let level: Int32
  private let lock: Mutex<Made>

  private struct Made {
    var compression: OpaquePointer?
    /// The first copy, made to see that the bytes are a dictionary; for the first thread that reads.
    var space: DictionarySpace?
  }

  /// A dictionary that compresses at a level.
  init(
    id: ObjectID, number: UInt64, bytes: [UInt8], level: Int32 = PackFormat.level
  ) throws(ObjectsError) {
    guard let space = DictionarySpace(bytes) else {
      throw .compression(reason: "the dictionary \(id) is not one of zstd's")
    }
    self.id = id
    self.number = number
    self.bytes = bytes
    self.level = level
    lock = Mutex(Made(space: space))
  }

  deinit { ZSTD_freeCDict(lock.withLock { $0.compression }) }

  /// Digested for writing, when first asked for: it costs a millisecond.
  var compression: OpaquePointer? {
    lock.withLock { made in
      if made.compression == nil { made.compression = ZSTD_createCDict(bytes, bytes.count, level) }
      return made.compression
    }
  }

  /// A copy for one thread, or nil without memory for it.
  func space() -> DictionarySpace? {
    let first = lock.withLock { made in
      defer { made.space = nil }
      return made.space
    }
    return first ?? DictionarySpace(bytes)
  }

  /// Largest dictionary, in bytes.
  static let limit = 112 << 10
  /// How many sample bytes training looks at: more costs time and gains less than one percent.
  static let sampleLimit = 1 << 20
  /// Fewer samples than this give a dictionary that fits only them.
  static let fewestSamples = 500

  /// The same dictionary for another level.
  func at(level: Int32) throws(ObjectsError) -> CompressionDictionary {
    try CompressionDictionary(id: id, number: number, bytes: bytes, level: level)
  }

  /// The object's bytes.
  var contents: [UInt8] { bytes }

  /// Length in bytes.
  var byteCount: Int { bytes.count }

  /// The size of the dictionary that samples give, or 0 when they are too few.
  static func size(forSampleEnds ends: [Int]) -> Int {
    let used = ends.prefix { $0 <= sampleLimit }
    return used.count < fewestSamples ? 0 : min(limit, (used.last ?? 0) / 8)
  }

  /// Trains a dictionary (one fastCover pass of fixed parameters, so equal samples give equal bytes).
  /// Returns nil when the samples are too short or too much alike.
  ///
  /// - Parameter thorough: whether to look at every place of the samples, which takes several times as long.
  static func train(
    _ samples: UnsafeRawBufferPointer, ends: [Int], size: Int, limit: Int = sampleLimit,
    thorough: Bool = false
  ) -> [UInt8]? {
    var lengths: [Int] = []
    var total = 0
    for end in ends.prefix(while: { $0 <= limit }) {
      lengths.append(end - total)
      total = end
    }
    var parameters = ZDICT_fastCover_params_t()
    parameters.k = 200
    parameters.d = 8
    parameters.f = thorough ? 20 : 18
    parameters.accel = thorough ? 1 : 5
    parameters.zParams.compressionLevel = thorough ? PackFormat.aggressiveLevel : PackFormat.level
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let result = ZDICT_trainFromBuffer_fastCover(
        buffer.baseAddress, size, samples.baseAddress, lengths, UInt32(lengths.count), parameters)
      count = ZDICT_isError(result) == 0 ? result : 0
    }
    return bytes.isEmpty ? nil : bytes
  }
}
