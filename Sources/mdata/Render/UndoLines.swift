import Records
import Workbench

/// What an undo, a redo or a restoration did.
struct UndoLines {
  let action: UndoRequest.Action
  let result: UndoResult

  func print(on console: Console) {
    let target = "operation \(result.target.number): \(result.target.description.escaped())"
    guard let operation = result.operation else {
      console.inform("Everything is as after \(target)")
      return
    }
    console.inform("\(word) \(target)")
    for moved in result.references {
      console.line(
        "  \(moved.name.escaped())  \(shown(moved.shortOld, console)) → \(shown(moved.shortNew, console))")
    }
    if let staged = result.staged { console.line("  staged  \(staged.of("batch"))") }
    if !result.returned.isEmpty { console.line("  runs  \(result.returned.count.grouped) back") }
    if !result.retracted.isEmpty { console.line("  runs  \(result.retracted.count.grouped) taken back") }
    console.inform("This is operation \(operation). Next: `mdata op log`")
  }

  private func shown(_ target: String?, _ console: Console) -> String {
    target.map { console.styled($0.escaped(), .identifier) } ?? "none"
  }

  private var word: String {
    switch action {
    case .undo: "Undid"
    case .redo: "Redid"
    case .restore: "Restored the state after"
    }
  }

  /// The verb that its document is of.
  private var verb: String {
    switch action {
    case .undo: "undo"
    case .redo: "redo"
    case .restore: "op"
    }
  }

  /// The `--json` document.
  var document: JSONValue {
    .document(
      verb,
      [
        JSONMember("operation", result.operation.map(JSONValue.int) ?? .null),
        JSONMember("target", result.target.json),
        JSONMember(
          "references",
          .array(
            result.references.map {
              .object([
                JSONMember("reference", .string($0.reference)), JSONMember("from", .optional($0.old)),
                JSONMember("to", .optional($0.new)),
              ])
            })),
        JSONMember("staged", result.staged.map(JSONValue.int) ?? .null),
        JSONMember("runs_returned", .strings(result.returned)),
        JSONMember("runs_retracted", .strings(result.retracted)),
      ])
  }
}

extension OperationSummary {
  var json: JSONValue {
    .object([
      JSONMember("number", .int(number)), JSONMember("digest", .string(digest)),
      JSONMember("time", .string(time)), JSONMember("verb", .string(verb)),
      JSONMember("description", .string(description)), JSONMember("undone", .bool(isUndone)),
      JSONMember("current", .bool(isCurrent)),
    ])
  }
}
