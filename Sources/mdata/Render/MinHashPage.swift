import Records
import Workbench

/// Where the signatures of records are.
struct MinHashPage {
  let result: MinHashResult

  func write(to console: Console, isJSON: Bool) {
    if isJSON { return console.json(json) }
    let thing = result.from == nil ? "row" : "record"
    console.line(
      "Wrote signatures of \(result.permutations.grouped) numbers for \(result.records.of(thing)) to \(result.file.escaped())"
    )
    if result.wordless > 0 {
      console.line(console.styled("  \(result.wordless.of(thing)) without words, with null for one", .faint))
    }
  }

  private var json: JSONValue {
    .document(
      "dedup-minhash",
      [
        JSONMember("file", .string(result.file)), JSONMember("from", .optional(result.from?.commit)),
        JSONMember("records", .int(result.records)), JSONMember("wordless", .int(result.wordless)),
        JSONMember("fields", .array(result.fields.map { .string($0.rawValue) })),
        JSONMember("ngram", .int(result.ngram)), JSONMember("permutations", .int(result.permutations)),
        JSONMember("tokenizer", .string(result.tokenizer)),
      ])
  }
}
