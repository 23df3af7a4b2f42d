import ArgumentParser
import Workbench

/// Which changes of a diff are wanted.
struct DiffFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only changes of these kinds: added, edited, removed, with commas between.", valueName: "kinds"))
  var only: String?

  @Option(
    help: ArgumentHelp(
      "Only records with this value before or after, as topic=fever: of batch, file, teacher, license or a column; without a value, those that have none. Repeatable: all must hold.",
      valueName: "name=value"))
  var with: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only edits of this field or column, and of them this part. Repeatable.", valueName: "field"))
  var field: [String] = []

  func validate() throws {
    let kinds = try kinds()
    if !field.isEmpty, !kinds.isEmpty, !kinds.contains(.edited) {
      throw ValidationError("'--field' is about edits, and '--only' leaves them out")
    }
    _ = try conditions()
  }

  var isEmpty: Bool { only == nil && with.isEmpty && field.isEmpty }

  func filter() throws -> DiffFilter {
    var filter = DiffFilter()
    filter.kinds = try kinds()
    filter.conditions = try conditions()
    filter.fields = field
    return filter
  }

  /// What is wanted, in words; nil when everything is.
  var description: String? {
    let parts = [only.map { "only \($0)" }] + with.map { "with \($0)" } + field.map { "edits of \($0)" }
    let words = parts.compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  private func kinds() throws -> [RecordChange.Kind] {
    guard let only else { return [] }
    return try only.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let kind = RecordChange.Kind(rawValue: String(name)) else {
        throw ValidationError("'--only \(only)' is not made of added, edited and removed")
      }
      return kind
    }
  }

  private func conditions() throws -> [DiffFilter.Condition] {
    try with.map { condition in
      guard let equals = condition.firstIndex(of: "="), equals > condition.startIndex else {
        throw ValidationError("'--with \(condition)' is not of the form name=value")
      }
      return DiffFilter.Condition(
        Facet(String(condition[..<equals])), String(condition[condition.index(after: equals)...]))
    }
  }
}
