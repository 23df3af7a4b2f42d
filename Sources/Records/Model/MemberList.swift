/// The members of a JSON object under construction; absent values add nothing.
struct MemberList {
  private(set) var members: [JSONMember] = []

  var json: JSONValue { .object(members) }

  mutating func add(_ name: String, _ value: JSONValue?) {
    if let value { members.append(JSONMember(name, value)) }
  }

  mutating func add(_ name: String, _ text: String?) { add(name, text.map(JSONValue.string)) }

  mutating func add(_ name: String, _ number: Int?) { add(name, number.map(JSONValue.integer)) }

  /// Adds an array of objects unless it is empty.
  mutating func add(_ name: String, objects: [JSONValue]) {
    if !objects.isEmpty { add(name, .array(objects)) }
  }

  /// Adds a nested object.
  mutating func add(_ name: String, _ fill: (inout MemberList) -> Void) {
    var nested = MemberList()
    fill(&nested)
    add(name, nested.json)
  }
}
