public import Records
import Yams

/// How a batch was made, as its author wrote it down in YAML: who answered, from which prompts and seeds, under
/// which licence, and which columns of the file say so row by row.
///
/// ```yaml
/// teacher: gpt-4
/// license: CC-BY-4.0
/// prompts: [prompts/answer.md]
/// seeds: seeds/medical.json
/// columns:
///   teacher: model
///   seeds: seed_ids
///   score.rouge_l: max_rouge
/// sampling: {temperature: 1.0, top_p: 1.0}
/// ```
public struct Recipe: Sendable, Equatable {
  /// The model that answered, for every row that does not say otherwise.
  public var teacher: String?
  /// The licence of the rows, as an SPDX expression where one exists.
  public var license: String?
  /// Paths of prompt files, as written: relative to the recipe.
  public var prompts: [String] = []
  /// Path of the seed file, as written: relative to the recipe.
  public var seeds: String?
  /// Which column answers which question of provenance: `teacher`, `prompt`, `seeds`, `license`, `score.<name>`.
  public var columns: [String: String] = [:]
  /// Which column holds which field of the pair: `instruction`, `input`, `output`, `system`.
  public var fields: [String: String] = [:]
  /// Sampling parameters and filters of the run, kept as they are in the batch. ``FilterRecipe`` reads filters to act on.
  public var notes: JSONValue?

  /// An empty recipe.
  public init() {}

  /// Reads a recipe.
  ///
  /// - Parameters:
  ///   - text: a YAML 1.1 mapping, at most 1 MiB.
  ///   - name: what errors call the recipe: its file name.
  /// - Throws: ``RecipeError`` with line and column.
  public init(yaml text: String, name: String) throws(RecipeError) {
    let root = try Self.compose(text, name)
    guard case .mapping(let mapping) = root else {
      throw Self.shape(name, root, "a recipe is a mapping of names to values")
    }
    var notes: [JSONMember] = []
    var budget = 10_000
    for (key, value) in mapping {
      let reader = RecipeValue(name: name, key: key.string ?? "", node: value)
      switch key.string {
      case "teacher": teacher = try reader.string()
      case "license", "licence": license = try reader.string()
      case "prompt": prompts = [try reader.string()]
      case "prompts": prompts = try reader.strings()
      case "seeds": seeds = try reader.string()
      case "columns": columns = try reader.map(allowed: Self.isColumnRole, kind: "a question of provenance")
      case "fields": fields = try reader.map(allowed: Self.isField, kind: "a field of a pair")
      case "sampling", "filters", "notes":
        notes.append(JSONMember(key.string ?? "", try reader.json(budget: &budget)))
      default:
        throw Self.shape(
          name, key, "unknown key `\(key.string ?? "?")`; a recipe has \(Self.keys.joined(separator: ", "))")
      }
    }
    if !notes.isEmpty { self.notes = .object(notes) }
  }

  private static let keys = [
    "teacher", "license", "prompts", "seeds", "columns", "fields", "sampling", "filters", "notes",
  ]

  private static func isColumnRole(_ role: String) -> Bool {
    ["teacher", "prompt", "seeds", "license"].contains(role) || role.hasPrefix("score.") && role.count > 6
  }

  private static func isField(_ field: String) -> Bool {
    ["instruction", "input", "output", "system"].contains(field)
  }

  static func compose(_ text: String, _ name: String) throws(RecipeError) -> Node {
    guard text.utf8.count <= 1 << 20 else {
      throw .shape(name: name, problem: "the recipe is larger than 1 MiB", line: 1, column: 1)
    }
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw RecipeError.shape(name: name, problem: "the recipe is empty", line: 1, column: 1)
      }
      return node
    } catch let error as RecipeError {
      throw error
    } catch let error as YamlError {
      let (problem, line, column) = RecipeValue.place(of: error)
      throw .syntax(name: name, problem: problem, line: line, column: column)
    } catch {
      throw .syntax(name: name, problem: "\(error)", line: 1, column: 1)
    }
  }

  static func shape(_ name: String, _ node: Node, _ problem: String) -> RecipeError {
    .shape(name: name, problem: problem, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }
}
