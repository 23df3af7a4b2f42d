import Records
import Workbench

/// What an import did, in a few lines.
struct BatchLines {
  private let batch: ImportSummary

  init(_ batch: ImportSummary) { self.batch = batch }

  /// - Parameter isStored: whether there is a batch now that its id would find.
  func print(on console: Console, verb: String, isStored: Bool = true) {
    let id = isStored ? " as batch \(console.styled(batch.batch, .identifier))" : ""
    console.inform("\(verb) \(batch.rows.of("pair")) of \(batch.name.escaped())\(id)")
    for (warning, count) in batch.warnings.sorted(by: { $0.key < $1.key }) {
      console.remark("note: \(count.of("row")): \(Self.meaning(of: warning).escaped())")
    }
    if batch.rejected > 0, let file = batch.rejects {
      console.remark("note: \(batch.rejected.of("row")) left out; see \(file.escaped())")
    }
  }

  private static func meaning(of warning: String) -> String {
    warning == "placeholder-input"
      ? "the input was a placeholder such as `<noinput>` and counts as absent" : warning
  }
}

extension ImportSummary {
  var json: JSONValue {
    .object([
      JSONMember("batch", .string(batch)), JSONMember("name", .string(name)), JSONMember("rows", .int(rows)),
      JSONMember("format", .string(format)), JSONMember("rejected", .int(rejected)),
      JSONMember(
        "warnings", .object(warnings.sorted { $0.key < $1.key }.map { JSONMember($0.key, .int($0.value)) })),
    ])
  }
}
