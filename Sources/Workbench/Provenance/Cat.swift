import History
import Objects
public import Records

/// Asks for one object.
public struct CatRequest: Sendable {
  /// An object id or a prefix of one, or a record id.
  public var object: String

  /// A request.
  public init(object: String) { self.object = object }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> CatResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (id, kind) = object.contains(":") ? try pair(in: workspace) : try workspace.object(object)
      let bytes = try workspace.store.read(id, kind)
      let value: JSONValue =
        switch kind {
        case .node: try workspace.describe(node: id)
        case .dictionary:
          .object([JSONMember("kind", .string("dictionary")), JSONMember("bytes", .integer(bytes.count))])
        default: try JSON.parse(bytes)
        }
      let isText = kind != .node && kind != .dictionary
      return CatResult(
        id: id.hex, kind: kind.rawValue, bytes: bytes.count, value: value,
        canonical: isText ? bytes : CanonicalJSON.encode(value))
    }
  }

  private func pair(in workspace: Workspace) throws -> (ObjectID, ObjectKind) {
    let record = try workspace.record(object)
    guard let head = try workspace.headCommit(), let entry = try workspace.tree(of: head).entry(for: record)
    else {
      throw Failure(
        .missing, "HEAD has no record `\(object)`", hint: "`mdata blame \(object)` tells what became of it")
    }
    return (entry.object, .pair)
  }
}

/// One object.
public struct CatResult: Sendable {
  /// Its id, in full.
  public var id: String
  /// Its kind.
  public var kind: String
  /// Length of its canonical bytes.
  public var bytes: Int
  /// Its content; of a binary kind, a description.
  public var value: JSONValue
  /// Its canonical bytes; of a binary kind, the description's.
  public var canonical: [UInt8]
}
