import History
import Records

/// Which kind of name.
enum RefKind {
  case branch, tag

  func name(_ short: String) throws -> RefName {
    switch self {
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
        name: short, commit: commit.hex, short: try repository.git().shortHex(commit), isCurrent: name == current)
    }
  }

  func createRef(_ kind: RefKind, _ short: String, at revision: String) throws {
    let name = try kind.name(short)
    let commit = try resolve(revision)
    let transaction = try begin(kind.word, "make \(kind.word) \(short)")
    guard try repository.git().target(of: name) == nil else { throw GitError.referenceExists(short) }
    try transaction.move(name, to: commit.id)
    try transaction.finish()
  }

  func deleteRef(_ kind: RefKind, _ short: String) throws {
    let name = try kind.name(short)
    let transaction = try begin(kind.word, "delete \(kind.word) \(short)")
    guard try repository.git().target(of: name) != nil else {
      let known = try names(kind).map(\.name)
      let failure = Failure(.missing, "there is no \(kind.word) `\(short)`", hint: "`mdata \(kind.word)` lists them")
      throw Suggestion.closest(to: short, among: known).map { failure.hinting("did you mean `\($0)`?") } ?? failure
    }
    if kind == .branch, try repository.head().branch == name {
      throw Failure(.usage, "`\(short)` is the current branch", hint: "go to another one first: `mdata switch BRANCH`")
    }
    try transaction.move(name, to: nil)
    try transaction.finish()
  }

  /// Goes to a branch, made at the current commit when `create`.
  func switchBranch(to short: String, create: Bool) throws -> NamedCommit {
    let name = try RefName.branch(short)
    let transaction = try begin("switch", "switch to \(short)")
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
      let failure = Failure(.missing, "there is no branch `\(short)`", hint: "make it with `mdata switch --create \(short)`")
      throw Suggestion.closest(to: short, among: known).map { failure.hinting("did you mean `\($0)`?") } ?? failure
    }
    try transaction.setHead(to: .reference(name))
    try transaction.finish()
    return NamedCommit(name: short, commit: commit.hex, short: try repository.git().shortHex(commit), isCurrent: true)
  }
}
