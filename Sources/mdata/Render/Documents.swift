import Records
import Workbench

extension JSONValue {
  /// A `--json` document of a verb: its members and its schema.
  static func document(_ verb: String, _ members: [JSONMember]) -> JSONValue {
    .object([JSONMember("schema", .string("mdata.\(verb)/v1"))] + members)
  }

  static func int(_ value: Int) -> JSONValue { .number(Double(value)) }

  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
