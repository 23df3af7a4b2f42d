/// Lists, makes or deletes branches or tags.
public struct NamesRequest: Sendable {
  /// What to do.
  public enum Action: Sendable {
    case list
    case create(String, at: String)
    case delete(String)
  }

  /// Branches or tags.
  public var kind: RefKind
  /// What to do.
  public var action: Action

  /// A request.
  public init(_ kind: RefKind, action: Action) {
    self.kind = kind
    self.action = action
  }

  /// All names of the kind afterwards, in their order.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [NamedCommit] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      switch action {
      case .list: break
      case .create(let name, let revision): try workspace.createRef(kind, name, at: revision)
      case .delete(let name): try workspace.deleteRef(kind, name)
      }
      return try workspace.names(kind)
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
