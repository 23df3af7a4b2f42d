import Generation
import Records

extension FuzzTarget {
  /// A recipe in YAML.
  static let recipe = FuzzTarget("recipe") { input in
    guard let text = String(validating: input, as: UTF8.self) else { return false }
    do throws(RecipeError) {
      let recipe = try Recipe(yaml: text, name: "recipe.yaml")
      if let notes = recipe.notes { _ = CanonicalJSON.encode(notes) }
      if recipe.notes?["filters"] != nil {
        let filters = try FilterRecipe(
          yaml: text, name: "recipe.yaml", policies: ["greedy"], tokenizers: ["auto"])
        for rule in filters.rules { _ = CanonicalJSON.encode(rule.value) }
      }
    } catch {
      let (line, column) =
        switch error {
        case .syntax(_, _, let line, let column), .shape(_, _, let line, let column): (line, column)
        }
      try promise(line >= 0 && column >= 0, "place \(line):\(column)")
      return false
    }
    return true
  }
}
