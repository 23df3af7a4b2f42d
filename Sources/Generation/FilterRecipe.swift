public import Records
import Yams

/// How rows are filtered, as a recipe's `filters` say it for `mdata filter --recipe`.
///
/// ```yaml
/// filters:
///   rouge_l: 0.7
///   policy: greedy
///   tokenizer: auto
///   fields: [instruction]
///   group_by: topic
///   against: [seeds.jsonl]
///   rules:
///     - refusal
///     - {rule: too-long, output: 500}
///     - {rule: pattern, name: mentions-url, pattern: 'https?://', fields: [output]}
///     - {rule: sql, where: quality < 3}
/// ```
///
/// An import keeps the same mapping as it is, whatever it holds: see ``Recipe/notes``.
public struct FilterRecipe: Sendable {
  /// A rule, and where it stands.
  public struct Rule: Sendable {
    /// A name, or an object with `rule` and its settings.
    public let value: JSONValue
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int
  }

  /// Leaves out what has a ROUGE-L above this with another.
  public private(set) var rougeL: Double?
  /// A word of those allowed.
  public private(set) var policy: String?
  /// A word of those allowed.
  public private(set) var tokenizer: String?
  /// What is compared.
  public private(set) var fields: [PairField]?
  /// What has to be equal to be compared.
  public private(set) var groupBy: String?
  /// Rules, in order.
  public private(set) var rules: [Rule] = []
  /// Versions, and files as written: relative to the recipe.
  public private(set) var against: [String] = []

  /// Reads the filters of a recipe, whose other parts must be well formed too.
  ///
  /// - Parameters:
  ///   - text: a YAML 1.1 mapping, at most 1 MiB.
  ///   - name: what errors call the recipe: its file name.
  ///   - policies: the words that `policy` can be.
  ///   - tokenizers: the words that `tokenizer` can be.
  /// - Throws: ``RecipeError`` with line and column.
  public init(yaml text: String, name: String, policies: [String], tokenizers: [String]) throws(RecipeError) {
    _ = try Recipe(yaml: text, name: name)
    let root = try Recipe.compose(text, name)
    guard let filters = root["filters"] else {
      throw Recipe.shape(name, root, "the recipe has no `filters`")
    }
    guard case .mapping(let mapping) = filters else {
      throw Recipe.shape(name, filters, "`filters` must be a mapping")
    }
    for (key, node) in mapping {
      let value = RecipeValue(name: name, key: "filters.\(key.string ?? "")", node: node)
      switch key.string {
      case "rouge_l": rougeL = try value.number()
      case "policy": policy = try value.word(of: policies)
      case "tokenizer": tokenizer = try value.word(of: tokenizers)
      case "fields": fields = try value.pairFields()
      case "group_by": groupBy = try value.string()
      case "against": against = try value.strings()
      case "rules": rules = try value.rules()
      default:
        throw Recipe.shape(
          name, key,
          "unknown key `\(key.string ?? "?")`; filters have \(Self.keys.joined(separator: ", "))")
      }
    }
  }

  private static let keys = ["rouge_l", "policy", "tokenizer", "fields", "group_by", "rules", "against"]
}

extension RecipeValue {
  fileprivate func number() throws(RecipeError) -> Double {
    guard case .scalar(let scalar) = node, scalar.style == .plain, let number = node.float, number.isFinite
    else { throw shape("must be a number") }
    return number
  }

  fileprivate func word(of words: [String]) throws(RecipeError) -> String {
    let word = try string()
    guard words.contains(word) else { throw shape("must be one of \(words.joined(separator: ", "))") }
    return word
  }

  fileprivate func pairFields() throws(RecipeError) -> [PairField] {
    var fields: [PairField] = []
    for item in try items() {
      let names = PairField.allCases.map(\.rawValue)
      let word = try RecipeValue(name: name, key: key, node: item).word(of: names)
      if let field = PairField(rawValue: word) { fields.append(field) }
    }
    guard !fields.isEmpty else { throw shape("names no field") }
    return fields
  }

  fileprivate func rules() throws(RecipeError) -> [FilterRecipe.Rule] {
    var rules: [FilterRecipe.Rule] = []
    var budget = 10_000
    for item in try items() {
      let value = RecipeValue(name: name, key: key, node: item)
      let rule =
        if case .scalar = item { JSONValue.string(try value.string()) } else {
          try value.json(budget: &budget)
        }
      guard rule.string != nil || rule["rule"]?.string != nil else {
        throw value.shape("holds a rule that is neither a name nor a mapping with `rule`")
      }
      rules.append(
        FilterRecipe.Rule(value: rule, line: item.mark?.line ?? 1, column: item.mark?.column ?? 1))
    }
    return rules
  }

  /// The items of a list; of one that is not written as a list itself.
  private func items() throws(RecipeError) -> [Node] {
    switch node {
    case .sequence(let sequence): return Array(sequence)
    case .scalar, .mapping: return [node]
    case .alias: throw shape("uses an alias")
    }
  }
}
