public import Records

/// One thing that a check of a repository found.
public struct Finding: Sendable {
  /// What kind of file or fact it is about. The names are part of `mdata fsck --json`.
  public enum Kind: String, Sendable, CaseIterable {
    /// The file `format`.
    case format
    /// A folder that must be there.
    case folder
    /// A pack, outside of its entries.
    case pack
    /// An object whose entry in a pack is damaged.
    case object
    /// An object that a version needs and no pack has.
    case missing
    /// A node, batch or other object that is intact and cannot be what it is used as.
    case structure
    /// An object of the git repository, or a commit that is not what a version must be.
    case history
    /// A branch or tag.
    case reference
    /// HEAD.
    case head
    /// The git repository's configuration.
    case configuration
    /// The operation log.
    case operation
    /// What `add` prepared.
    case staging
    /// `mdata.lock`.
    case lock
    /// The SQLite index.
    case index
    /// A file that is not part of a repository.
    case stranger
    /// A file or folder that the system would not let us read.
    case unreadable
  }

  /// How much it matters.
  public enum Severity: String, Sendable {
    /// Something is lost, wrong or cannot be used.
    case damage
    /// Nothing is lost; something is there that need not be, or is not yet there.
    case notice
  }

  /// What it is about.
  public let kind: Kind
  /// How much it matters.
  public let severity: Severity
  /// The file, relative to the folder that holds the repository.
  public let path: String
  /// Where in the file, in bytes from 0.
  public let offset: Int?
  /// What is wrong, a clause without a full stop.
  public let message: String
  /// The versions concerned.
  public var commits: [CommitID]
  /// The records concerned.
  public var records: ConcernedRecords
  /// What to do next: a sentence, with commands in backticks.
  public let next: String

  init(
    _ kind: Kind, _ severity: Severity = .damage, path: String, offset: Int? = nil, _ message: String,
    commits: [CommitID] = [], records: ConcernedRecords = ConcernedRecords(), next: String = Finding.repair
  ) {
    self.kind = kind
    self.severity = severity
    self.path = path
    self.offset = offset
    self.message = message
    self.commits = commits
    self.records = records
    self.next = next
  }

  static let repair = "`mdata fsck --repair`"
  static let restore = "restore `.mdata` from a copy"
}

/// Records that damage concerns: by id as far as their ids are known, and how many there are.
public struct ConcernedRecords: Sendable {
  /// The records known by id, at most ``limit``.
  public private(set) var ids: Set<RecordID> = []
  private var uncounted = 0
  private var unnamed = 0

  /// The most ids that are kept.
  public static let limit = 10_000

  init() {}

  /// How many there are, at least.
  public var count: Int { ids.count + uncounted + unnamed }

  mutating func insert(_ record: RecordID) {
    if ids.count < Self.limit { ids.insert(record) } else if !ids.contains(record) { uncounted += 1 }
  }

  /// Notes records that are only known as a number: those under a node that cannot be read.
  mutating func insert(unnamed count: Int) { unnamed = max(unnamed, count) }
}

/// What a check looked at and what it found.
public struct FsckReport: Sendable {
  /// How much was looked at.
  public struct Counts: Sendable {
    /// Files of objects.
    public var packs = 0
    /// Intact objects.
    public var objects = 0
    /// Bytes of packs.
    public var bytes = 0
    /// Commits that a reference, an operation or the pin leads to.
    public var commits = 0
    /// Entries of all different nodes: records, each state counted once.
    public var records = 0
    /// Operations in the log.
    public var operations = 0
  }

  /// Everything found, damage before notices, by file.
  public let findings: [Finding]
  /// How much was looked at.
  public let counts: Counts
  /// What would be done about it.
  public let plan: RepairPlan

  /// What is wrong.
  public var damage: [Finding] { findings.filter { $0.severity == .damage } }
  /// What is only worth a remark.
  public var notices: [Finding] { findings.filter { $0.severity == .notice } }
}
