import Records
import Workbench

/// What reading one file brought, in a few lines.
struct BatchLines {
  private let batches: [ImportSummary]

  /// - Parameter batches: those that the file became, at least one.
  init(_ batches: [ImportSummary]) { self.batches = batches }

  /// - Parameter isStored: whether there are batches now that their ids would find.
  func print(on console: Console, verb: String, isStored: Bool = true) {
    guard let first = batches.first else { return }
    let ids = batches.map { console.styled($0.batch, .identifier) }.joined(separator: ", ")
    let place = isStored ? " as batch\(batches.count == 1 ? "" : "es") \(ids)" : ""
    let rows = batches.reduce(0) { $0 + $1.rows }
    console.inform("\(verb) \(rows.of("pair")) of \(first.name.escaped())\(place)")
    for batch in batches { printNotes(of: batch, on: console) }
  }

  private func printNotes(of batch: ImportSummary, on console: Console) {
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
