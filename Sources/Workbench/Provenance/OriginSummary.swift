/// Where a record came from, as far as its batch and its row say.
public struct OriginSummary: Sendable {
  /// The model that wrote the answer.
  public var teacher: String?
  /// Names of the prompts it was made from.
  public var prompts: [String] = []
  /// Ids of the seed tasks it was made from.
  public var seeds: [String] = []
  /// Scores by name.
  public var scores: [(name: String, score: Double)] = []
  /// The licence of the row.
  public var license: String?
  /// The file that the row stands in.
  public var file: String?
  /// The query that its scores come from, when they stand in no file.
  public var query: String?
  /// Line in it, from 1.
  public var line: Int?
  /// Byte in it, from 0, after decompression.
  public var byte: Int?
  /// Bytes of the row.
  public var length: Int?

  /// Nothing known.
  public init() {}
}

/// A batch, as results name it.
public struct BatchSummary: Sendable {
  /// The shortest unique prefix of its id.
  public var batch: String
  /// The imported file's name.
  public var name: String?
  /// How many rows it brought.
  public var rows: Int
  /// Its licence, when it has one for all rows.
  public var license: String?
  /// Its teacher, when it has one for all rows.
  public var teacher: String?
}
