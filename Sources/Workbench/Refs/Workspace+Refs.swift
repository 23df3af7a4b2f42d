import History
import Records

/// Which kind of name.
public enum RefKind: Sendable {
  case branch, tag

  func name(_ short: String) throws -> RefName {
    // `refs/heads/x` would become `refs/heads/refs/heads/x`, which no one means.
    if short.hasPrefix("refs/") {
      throw Failure(
        .usage, "`\(short)` cannot be a name: it begins with `refs/`",
        hint: "give the short name, such as `\(Session.baseName(short))`")
    }
    return switch self {
    case .branch: try .branch(short)
    case .tag: try .tag(short)
    }
  }

  var word: String { self == .branch ? "branch" : "tag" }
}

/// Branches and tags.
extension Workspace {
  /// All names of a kind, in their order.
  func names(_ kind: RefKind) throws -> [NamedCommit] {
    let current = try repository.head().branch
    return try repository.git().references().sorted { $0.key < $1.key }.compactMap { name, _ in
      guard let short = kind == .branch ? name.branchName : name.tagName else { return nil }
      guard let commit = try repository.git().commit(at: name) else { return nil }
      return NamedCommit(
        name: short, commit: commit.hex, short: try repository.git().shortHex(commit),
        isCurrent: name == current,
        tag: kind == .tag ? try repository.git().tag(at: name).map(summary) : nil)
    }
  }

  /// The branch that a verb which makes a version moves when it is told a revision: `HEAD` stands for the current one.
  ///
  /// - Throws: ``Failure`` of kind `usage` when the revision is no branch.
  func branch(of revision: String) throws -> RefName {
    if revision == "HEAD" || revision == "@" { return .head }
    guard let name = try? RefName.branch(revision), try repository.git().target(of: name) != nil else {
      throw Failure(
        .usage, "`\(revision)` is not a branch, so no version can follow it there",
        hint: "make one with `mdata branch NAME \(revision)`, or look with `--dry-run`")
    }
    return try repository.head().branch == name ? .head : name
  }

  func createRef(_ kind: RefKind, _ short: String, at revision: String) throws {
    let name = try kind.name(short)
    let transaction = try begin(kind.word, "make \(kind.word) \(short)")
    // With the lock: a collection cannot drop it any more.
    let commit = try resolve(revision)
    guard try repository.git().target(of: name) == nil else { throw GitError.referenceExists(short) }
    try transaction.move(name, to: commit.id)
    try transaction.finish()
  }

  /// A name that is not there, with what may have been meant.
  func absent(_ kind: RefKind, _ short: String) throws -> Failure {
    let known = try repository.git().references().keys.compactMap {
      kind == .branch ? $0.branchName : $0.tagName
    }
    let near = Suggestion.closest(to: short, among: known.sorted()).map { "did you mean `\($0)`?" }
    return Failure(
      .missing, "there is no \(kind.word) `\(short)`", hint: near ?? "`mdata \(kind.word)` lists them")
  }

  func deleteRef(_ kind: RefKind, _ short: String) throws {
    let name = try kind.name(short)
    let transaction = try begin(kind.word, "delete \(kind.word) \(short)")
    guard try repository.git().target(of: name) != nil else {
      throw try absent(kind, short)
    }
    if kind == .branch, try repository.head().branch == name {
      throw Failure(
        .usage, "`\(short)` is the current branch", hint: "go to another one first: `mdata switch BRANCH`")
    }
    try transaction.move(name, to: nil)
    try transaction.finish()
  }

  /// Goes to a branch, made at the current commit when `create`.
  func switchBranch(to short: String, create: Bool) throws -> NamedCommit {
    let name = try RefKind.branch.name(short)
    let transaction = try begin("switch", "switch to \(short)")
    try refuseDuringMerge()
    let existing = try repository.git().commit(at: name)
    let commit: CommitID
    if create {
      guard existing == nil else { throw GitError.referenceExists(short) }
      commit = try resolve("HEAD").id
      try transaction.move(name, to: commit)
    } else if let existing {
      commit = existing
    } else {
      let known = try names(.branch).map(\.name)
      let failure = Failure(.missing, "there is no branch `\(short)`")
      if try repository.git().target(of: .tag(short)) != nil {
        throw failure.hinting(
          "it is a tag: make a branch there with `mdata branch NAME \(short)` and switch to that")
      }
      if let near = Suggestion.closest(to: short, among: known) {
        throw failure.hinting("did you mean `\(near)`?")
      }
      throw failure.hinting("make it with `mdata switch --create \(short)`")
    }
    try transaction.setHead(to: .reference(name))
    try transaction.finish()
    return NamedCommit(
      name: short, commit: commit.hex, short: try repository.git().shortHex(commit), isCurrent: true)
  }
}
