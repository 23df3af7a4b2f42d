import Curation
import Generation
import Objects
import Records

/// The filters of a recipe, as settings that flags are put over.
public struct RecipeFilters: Sendable {
  /// What decides.
  public private(set) var settings = FilterSettings()
  /// Versions and files that items are compared with.
  public private(set) var against: [String]

  /// - Parameter path: a recipe in YAML with `filters`. Files that it names are looked for beside it.
  /// - Throws: ``Failure`` with line and column.
  public init(recipe path: String, in session: Session) throws {
    let name = Session.baseName(path)
    let recipe = try Failure.wrapping {
      try FilterRecipe(
        yaml: SmallFile.text(session.path(path), limit: 1 << 20), name: name,
        policies: FilterSettings.Policy.allCases.map(\.rawValue),
        tokenizers: TokenizerName.allCases.map(\.option))
    }
    settings.rougeL = recipe.rougeL
    if let policy = recipe.policy.flatMap(FilterSettings.Policy.init) { settings.policy = policy }
    if let tokenizer = recipe.tokenizer { settings.tokenizer = tokenizer }
    if let fields = recipe.fields { settings.fields = fields }
    settings.groupBy = recipe.groupBy
    settings.rules = try recipe.rules.map { rule in
      let text = rule.value.string ?? String(decoding: CanonicalJSON.encode(rule.value), as: UTF8.self)
      do {
        _ = try FilterRules([text])
      } catch let cause as Failure {
        throw Failure(
          .configuration, "\(name):\(rule.line):\(rule.column): \(cause.message)", causes: cause.causes,
          hints: cause.hints)
      }
      return text
    }
    let folder = Session.folder(of: path)
    against = try recipe.against.map { written in
      let beside = folder == "." || written.hasPrefix("/") ? written : folder + "/" + written
      return try session.fileSystem.status(session.path(beside)) == nil ? written : beside
    }
  }
}
