import Records
import Yams

/// One value of a recipe, with what an error must name.
struct RecipeValue {
  let name: String
  let key: String
  let node: Node

  func string() throws(RecipeError) -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw shape("must be a text") }
    return scalar.string
  }

  func strings() throws(RecipeError) -> [String] {
    if case .scalar = node { return [try string()] }
    guard case .sequence(let sequence) = node else { throw shape("must be a list of texts") }
    var values: [String] = []
    for item in sequence { values.append(try RecipeValue(name: name, key: key, node: item).string()) }
    return values
  }

  func map(allowed: (String) -> Bool, kind: String) throws(RecipeError) -> [String: String] {
    guard case .mapping(let mapping) = node else { throw shape("must be a mapping") }
    var values: [String: String] = [:]
    for (role, column) in mapping {
      let role = role.string ?? ""
      guard allowed(role) else { throw shape("`\(role)` is not \(kind)") }
      values[role] = try RecipeValue(name: name, key: "\(key).\(role)", node: column).string()
    }
    return values
  }

  /// The value as JSON: YAML's core scalars become numbers, booleans and null.
  ///
  /// - Parameter budget: how many more values may be made: YAML's aliases can repeat a short text without end.
  func json(budget: inout Int, depth: Int = 0) throws(RecipeError) -> JSONValue {
    guard depth < 32 else { throw shape("is nested more than 32 levels deep") }
    budget -= 1
    guard budget >= 0 else { throw shape("holds too many values") }
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain {
        if let flag = node.bool { return .bool(flag) }
        if let number = node.float, number.isFinite { return .number(number) }
        if node.null != nil { return .null }
      }
      return .string(scalar.string)
    case .sequence(let sequence):
      var values: [JSONValue] = []
      for item in sequence {
        values.append(
          try RecipeValue(name: name, key: key, node: item).json(budget: &budget, depth: depth + 1))
      }
      return .array(values)
    case .mapping(let mapping):
      var members: [JSONMember] = []
      for (inner, value) in mapping {
        guard let inner = inner.string else { throw shape("has a name that is not a text") }
        let reader = RecipeValue(name: name, key: "\(key).\(inner)", node: value)
        members.append(JSONMember(inner, try reader.json(budget: &budget, depth: depth + 1)))
      }
      return .object(members)
    case .alias:
      throw shape("uses an alias")
    }
  }

  func shape(_ problem: String) -> RecipeError {
    .shape(
      name: name, problem: "`\(key)` \(problem)", line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  static func place(of error: YamlError) -> (problem: String, line: Int, column: Int) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (problem, mark.line, mark.column)
    case .duplicatedKeysInMapping(let duplicates, _):
      ("a name is given twice: \(duplicates.joined(separator: ", "))", 1, 1)
    default:
      ("\(error)", 1, 1)
    }
  }
}
