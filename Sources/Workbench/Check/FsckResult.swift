import History
import Records

/// What a check found and, when asked, what a repair did.
public struct FsckResult: Sendable {
  /// The path of `.mdata`.
  public var repository: String
  /// What is found; after a repair, what is left.
  public var findings: [FindingSummary]
  /// How much was looked at.
  public var counts: [(name: String, count: Int)]
  /// What a repair would do; nil when that was not asked.
  public var planned: [String]?
  /// What a repair did; nil when none was asked for.
  public var done: [String]?
  /// The folder with what it replaced or took away; nil when nothing was.
  public var quarantine: String?

  /// Whether nothing is damaged. Notices are no damage.
  public var isIntact: Bool { !findings.contains(where: \.isDamage) }

  init(repository: String, _ report: FsckReport, pin: String?) {
    self.repository = repository
    findings = report.findings.map(FindingSummary.init)
    if let pin {
      findings.append(
        FindingSummary(
          kind: Finding.Kind.lock.rawValue, isDamage: true, path: PinnedVersion.fileName, offset: nil,
          message: pin,
          commits: [], recordCount: 0, records: [],
          next: "restore the file from your code repository, or `mdata pin` again"))
    }
    let counts = report.counts
    self.counts = [
      ("packs", counts.packs), ("bytes", counts.bytes), ("objects", counts.objects),
      ("versions", counts.commits),
      ("records", counts.records), ("operations", counts.operations),
    ]
  }
}

/// One finding.
public struct FindingSummary: Sendable {
  /// What it is about, in a word.
  public var kind: String
  /// Whether something is damaged; else it is a notice.
  public var isDamage: Bool
  /// The file, relative to the folder that holds the repository.
  public var path: String
  /// Where in it, in bytes from 0.
  public var offset: Int?
  /// What is wrong.
  public var message: String
  /// The versions concerned: 40 digits each.
  public var commits: [String]
  /// How many records are concerned, at least.
  public var recordCount: Int
  /// Those whose ids are known: 24 digits, a colon, the row.
  public var records: [String]
  /// What to do next.
  public var next: String

  init(
    kind: String, isDamage: Bool, path: String, offset: Int?, message: String, commits: [String],
    recordCount: Int,
    records: [String], next: String
  ) {
    self.kind = kind
    self.isDamage = isDamage
    self.path = path
    self.offset = offset
    self.message = message
    self.commits = commits
    self.recordCount = recordCount
    self.records = records
    self.next = next
  }

  init(_ finding: Finding) {
    self.init(
      kind: finding.kind.rawValue, isDamage: finding.severity == .damage, path: finding.path,
      offset: finding.offset,
      message: finding.message, commits: finding.commits.map(\.hex).sorted(),
      recordCount: finding.records.count,
      records: finding.records.ids.sorted().map(\.description), next: finding.next)
  }
}
