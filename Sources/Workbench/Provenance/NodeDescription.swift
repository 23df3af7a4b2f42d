import History
import Records

/// A tree node in words, for `cat`.
extension Workspace {
  /// Its level, and of a leaf the entries, of an inner node the children.
  func describe(node id: ObjectID) throws -> JSONValue {
    let tree = repository.tree(id)
    var entries = tree.entries()
    var members: [JSONValue] = []
    while let entry = try entries.next() {
      var entryMembers = [
        JSONMember("key", .string(entry.key.description)), JSONMember("object", .string(entry.object.hex)),
      ]
      if entry.origin != entry.key {
        entryMembers.append(JSONMember("origin", .string(entry.origin.description)))
      }
      members.append(.object(entryMembers))
    }
    return .object([
      JSONMember("kind", .string("node")), JSONMember("records", .integer(members.count)),
      JSONMember("entries", .array(members)),
    ])
  }
}
