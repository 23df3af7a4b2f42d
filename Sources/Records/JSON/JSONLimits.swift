/// How large a text and its parts may be before the reader refuses them.
public struct JSONLimits: Sendable, Equatable {
  /// Levels of arrays and objects inside one another.
  public var depth: Int
  /// Members of one object.
  public var keys: Int
  /// Bytes of one string as written between its quotes.
  public var stringBytes: Int
  /// Bytes of the whole text (for rows: of one row).
  public var textBytes: Int
  /// Bytes of empty lines between two rows: a quarter of a row.
  var gapBytes: Int { textBytes / 4 }
  /// Takes an integer with more digits than a 64-bit float keeps as the nearest float, instead of refusing it.
  public var roundsIntegers: Bool

  /// Limits of one's own.
  public init(depth: Int, keys: Int, stringBytes: Int, textBytes: Int, roundsIntegers: Bool = false) {
    self.depth = depth
    self.keys = keys
    self.stringBytes = stringBytes
    self.textBytes = textBytes
    self.roundsIntegers = roundsIntegers
  }

  /// For whole files whose size is known beforehand, such as tokenizer.json: only the depth is bounded (64).
  public static let configuration = JSONLimits(depth: 64, keys: .max, stringBytes: .max, textBytes: .max)

  /// Like `configuration`, for files of others that are read and never hashed: Hugging Face writes the integer
  /// 1000000000000000019884624838656 as the length of a tokenizer without a limit.
  public static let foreignConfiguration = JSONLimits(
    depth: 64, keys: .max, stringBytes: .max, textBytes: .max, roundsIntegers: true)

  /// For one row of a dataset: depth 64, 1,024 keys, fields of 4 MiB, rows of 16 MiB.
  public static let row = JSONLimits(depth: 64, keys: 1024, stringBytes: 4 << 20, textBytes: 16 << 20)
}
