import History
import Objects
import Records

/// The view `commits`.
final class CommitsTable: QueryTable {
  private enum Field: String {
    case position, commitID = "commit_id", parentID = "parent_id", parents, author, email, time,
      committer, committed, message, names
    case snapshot, records, added, edited, removed, revision
  }

  let name = QuerySchema.commits.name
  let columns = QuerySchema.commits.columns
  let order: Int? = 0
  private let versions: QueryVersions
  private let fields = ViewFields<Field>(QuerySchema.commits.columns)
  private var counted: (commit: CommitID, counts: ChangeCounts)?

  init(_ versions: QueryVersions) { self.versions = versions }

  func uses(_ lookup: QueryLookup) -> Bool { false }

  func estimate(_ lookups: [QueryLookup]) -> Double { 1_000 }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try versions.version(revision) else { return NoRows() }
    let commits = try versions.workspace.repository.git().log(
      from: [version.commit.id], excluding: [], limit: .max)
    return ListScan(count: commits.count, part: versions.part(revision)) { [self] place, column in
      fields[column] == .position
        ? .count(place + 1)
        : fields[column] == .revision ? revision ?? .null : try value(column, of: commits[place])
    }
  }

  private func value(_ column: Int, of commit: GitCommit) throws -> QueryValue {
    let workspace = versions.workspace
    switch fields[column] {
    case nil, .position, .revision: return .null
    case .commitID: return .string(commit.id.hex)
    case .parentID: return .optional(commit.parents.first?.hex)
    case .parents: return .names(commit.parents.map(\.hex))
    case .author: return .string(commit.author.name)
    case .email: return .string(commit.author.email)
    case .time: return .string(Timestamp(secondsSince1970: Int(commit.time.seconds)).text)
    case .committer: return .string(commit.commitment.identity.name)
    case .committed:
      return .string(Timestamp(secondsSince1970: Int(commit.commitment.time.seconds)).text)
    case .message: return .string(commit.message)
    case .names: return .names(try workspace.names(of: commit.id))
    case .snapshot: return .string(try workspace.repository.dataset(of: commit.id).snapshot.hex)
    case .records: return .count(try workspace.repository.dataset(of: commit.id).records)
    case .added: return .count(try counts(commit).added)
    case .edited: return .count(try counts(commit).edited)
    case .removed: return .count(try counts(commit).removed)
    }
  }

  private func counts(_ commit: GitCommit) throws -> ChangeCounts {
    if let counted, counted.commit == commit.id { return counted.counts }
    let workspace = versions.workspace
    let counts = try workspace.counts(
      from: commit.parents.first.map(workspace.commit), to: workspace.commit(commit.id))
    counted = (commit.id, counts)
    return counts
  }
}
