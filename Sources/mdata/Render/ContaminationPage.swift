import Records
import Workbench

/// What was found of evaluation sets, as text.
final class ContaminationPage {
  private let console: Console
  private let limit: Int
  private var count = 0

  init(console: Console, limit: Int) {
    self.console = console
    self.limit = limit
  }

  func add(_ finding: ContaminationFinding) {
    count += 1
    guard count <= limit else { return }
    let measure =
      finding.span.isEmpty
      ? "\(finding.rule) \((finding.score * 1000).rounded() / 1000)"
      : "\(Int(finding.score)) words, \(finding.rule)"
    console.line(
      console.styled(Self.name(finding.item), .identifier) + console.styled("  \(measure) of ", .faint)
        + console.styled(Self.name(finding.evaluation).escaped(), .identifier))
    if !finding.span.isEmpty {
      console.line("    " + finding.span.oneLine(width: max(20, console.output.width - 6)))
    }
  }

  private static func name(_ value: JSONValue) -> String { value.string ?? "row \(value.int ?? 0)" }

  func end(_ result: DecontaminateResult) {
    if count > limit { console.line(console.styled("  … and \((count - limit).grouped) more", .faint)) }
    for set in result.sets {
      console.line(
        "\(set.name.escaped()): \(set.items.of("prompt")), parts of it in \(set.contaminated.grouped)")
    }
    for form in result.boilerplate.prefix(limit) {
      console.line(
        console.styled("does not count: ", .faint)
          + "\"\(form.text.oneLine(width: max(20, console.output.width - 50)))\" in \(form.items.grouped), and in \(form.evaluations.of("prompt"))"
      )
    }
    let thing = result.from == nil ? "row" : "record"
    let found = "\(result.contaminated.grouped) of \(result.items.of(thing))"
    if let commit = result.commit {
      console.line(
        "Dropped \(found) as \(console.styled(commit.short, .identifier)): \((result.items - result.contaminated).grouped) now"
      )
    } else {
      console.line(
        result.contaminated == 0
          ? "Nothing of them in \(result.items.of(thing))" : "\(found) have a part of an evaluation set")
    }
  }
}

extension DecontaminateResult {
  func json(_ findings: [JSONValue]) -> JSONValue {
    .document(
      "decontaminate",
      [
        JSONMember("from", .optional(from?.commit)), JSONMember("commit", .optional(commit?.commit)),
        JSONMember("rows", .int(items)), JSONMember("contaminated", .int(contaminated)),
        JSONMember(
          "sets",
          .array(
            sets.map {
              .object([
                JSONMember("name", .string($0.name)), JSONMember("items", .int($0.items)),
                JSONMember("contaminated", .int($0.contaminated)),
              ])
            })),
        JSONMember(
          "boilerplate",
          .array(
            boilerplate.map {
              .object([
                JSONMember("text", .string($0.text)), JSONMember("rows", .int($0.items)),
                JSONMember("prompts", .int($0.evaluations)),
              ])
            })),
        JSONMember("findings", .array(findings)),
      ])
  }
}
