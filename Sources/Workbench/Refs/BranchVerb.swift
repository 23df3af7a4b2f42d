/// Lists, makes or deletes branches.
public struct BranchRequest: Sendable {
  /// What to do.
  public enum Action: Sendable {
    case list
    case create(String, at: String)
    case delete(String)
  }

  /// What to do.
  public var action: Action

  /// A request.
  public init(action: Action) { self.action = action }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> BranchResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      switch action {
      case .list:
        break
      case .create(let name, let revision):
        try workspace.createRef(.branch, name, at: revision)
      case .delete(let name):
        try workspace.deleteRef(.branch, name)
      }
      return BranchResult(names: try workspace.names(.branch))
    }
  }
}

/// The branches.
public struct BranchResult: Sendable {
  /// In order of their names.
  public var names: [NamedCommit]
}

/// Lists, makes or deletes tags.
public struct TagRequest: Sendable {
  /// What to do.
  public typealias Action = BranchRequest.Action

  /// What to do.
  public var action: Action

  /// A request.
  public init(action: Action) { self.action = action }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> BranchResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      switch action {
      case .list:
        break
      case .create(let name, let revision):
        try workspace.createRef(.tag, name, at: revision)
      case .delete(let name):
        try workspace.deleteRef(.tag, name)
      }
      return BranchResult(names: try workspace.names(.tag))
    }
  }
}

/// Goes to another branch.
public struct SwitchRequest: Sendable {
  /// The branch.
  public var branch: String
  /// Whether to make it first, at the current commit.
  public var create: Bool

  /// A request.
  public init(branch: String, create: Bool) {
    self.branch = branch
    self.create = create
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> NamedCommit {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      return try workspace.switchBranch(to: branch, create: create)
    }
  }
}
