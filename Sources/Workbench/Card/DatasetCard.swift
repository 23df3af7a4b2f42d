public import Records

/// Everything that a card says of a version.
public struct DatasetCard: Sendable {
  /// One batch as a source of records.
  public struct Source: Sendable {
    /// The shortest unique prefix of its id.
    public var batch: String
    /// The imported file's name.
    public var file: String?
    /// The SHA-256 digest of the file, in hex.
    public var sha256: String?
    /// Rows it brought.
    public var rows: Int
    /// Records of the version that came with it.
    public var records: Int
    /// Its teacher, when it has one for all rows.
    public var teacher: String?
    /// Its licence, when it has one for all rows.
    public var license: String?
    /// Names of its prompts.
    public var prompts: [String]
    /// How many seeds it has.
    public var seeds: Int
    /// What its recipe said, as JSON.
    public var recipe: JSONValue?
  }

  /// How many records have each value of something.
  public struct Counts: Sendable {
    /// What it is: `teacher`, or the name of a column.
    public var name: String
    /// Values, most first.
    public var values: [(value: String, count: Int)]
    /// Records with a value beyond those that are told apart.
    public var others: Int
    /// Records that have none.
    public var missing: Int
  }

  /// One version of the history.
  public struct Step: Sendable {
    /// Shortest unique prefix of the commit.
    public var short: String
    /// Seconds since the Unix epoch.
    public var time: Int64
    /// The first line of its message.
    public var summary: String
    /// What it changed against its first parent.
    public var counts: ChangeCounts
  }

  /// The version.
  public var commit: CommitSummary
  /// Tags that name it.
  public var tags: [String]
  /// What people call the dataset.
  public var name: String?
  /// Different pairs.
  public var pairs: Int
  /// Lengths of the fields.
  public var lengths: [LengthSummary]
  /// The batches, in their order.
  public var sources: [Source]
  /// Teachers and columns.
  public var counts: [Counts]
  /// Licences as rows state them, most first.
  public var licenses: [(license: String, count: Int)]
  /// Records that state no licence.
  public var unlicensed: Int
  /// What the card says of it.
  public var license: CardLicense
  /// How many records answer each question of an audit.
  public var answers: [(question: String, count: Int)]
  /// What looks wrong.
  public var anomalies: [Anomaly]
  /// The newest versions that led to it, newest first.
  public var steps: [Step]
  /// How many versions led to it, itself included.
  public var versions: Int
  /// Languages, as ISO 639 codes.
  public var languages: [String]
  /// Tasks, as the Hub names them.
  public var tasks: [String]
  /// Words for searching, as the Hub calls tags.
  public var keywords: [String]
  /// Files of the data beside the card, each with its split.
  public var files: [(split: String, path: String)]

  /// Records in it.
  public var records: Int { commit.records }

  /// The Hub's class of sizes.
  public var sizeCategory: String {
    let bounds = [
      (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
      (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
    ]
    return bounds.first { records < $0.0 }?.1 ?? "1B<n<10B"
  }
}
