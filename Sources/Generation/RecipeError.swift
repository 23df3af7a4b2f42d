/// Why a recipe could not be read.
public enum RecipeError: Error, CustomStringConvertible, Equatable {
  /// The text is not YAML; the place is in the text.
  case syntax(name: String, problem: String, line: Int, column: Int)
  /// The document is YAML but not a recipe.
  case shape(name: String, problem: String, line: Int, column: Int)

  public var description: String {
    switch self {
    case .syntax(let name, let problem, let line, let column):
      "\(name):\(line):\(column): the recipe is not valid YAML: \(problem)"
    case .shape(let name, let problem, let line, let column):
      "\(name):\(line):\(column): \(problem)"
    }
  }
}
