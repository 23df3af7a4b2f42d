import Curation
import Records
import Testing

@testable import Workbench

/// Signatures of the items of files and versions.
@Suite struct MinHashSignaturesTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    var random = SplitMix64(seed: 5)
    // More than a chunk of rows, with some that repeat others and some without words.
    let rows = (0..<1_300).map { row in
      let words = (0..<random.next(below: 12)).map { _ in "w\(random.next(below: 40))" }
      return [
        "instruction": words.isEmpty ? "?" : words.joined(separator: " "),
        "output": row % 7 == 0 ? "!" : "Yes.",
      ]
    }
    try workshop.write("rows.jsonl", lines(rows))
  }

  private func written(_ request: MinHashRequest, threads: Int = 2) throws -> (MinHashResult, [JSONValue]) {
    var session = workshop.session
    session.threads = threads
    let result = try request.run(in: session)
    let text = try workshop.text(request.output)
    return (result, try text.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) })
  }

  @Test func aFileAndTheVersionMadeOfItHaveTheSame() throws {
    let (ofFile, rows) = try written(MinHashRequest(revision: "rows.jsonl", ngram: 2, output: "file.jsonl"))
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl")]), at: 1)
    let (ofVersion, records) = try written(MinHashRequest(ngram: 2, output: "version.jsonl"))
    #expect(ofFile.records == 1_300 && ofVersion.records == 1_300)
    #expect(ofFile.wordless == ofVersion.wordless && ofFile.wordless > 0)
    #expect(ofFile.from == nil && ofVersion.from != nil)
    #expect(rows.map { $0["minhash"] } == records.map { $0["minhash"] })
    #expect(rows.map { $0["row"]?.int } == (1...1_300).map { $0 })
    #expect(rows.allSatisfy { $0["record"] == nil })
    #expect(records.allSatisfy { $0["record"]?.string?.hasSuffix(":\($0["row"]?.int ?? 0)") == true })
    let signatures = rows.compactMap { row -> [JSONValue]? in
      guard case .array(let values)? = row["minhash"] else { return nil }
      return values
    }
    #expect(signatures.count == 1_300 - ofFile.wordless)
    #expect(signatures.allSatisfy { $0.count == 128 })
    #expect(signatures.joined().allSatisfy { (0...4_294_967_295).contains($0.int ?? -1) })
  }

  @Test func threadsDoNotCount() throws {
    let request = MinHashRequest(revision: "rows.jsonl", permutations: 16, output: "out.jsonl")
    let alone = try written(request, threads: 1).1
    #expect(try written(request, threads: 5).1 == alone)
    // Another session, other words before.
    #expect(try written(request).1 == alone)
  }

  @Test func fieldsAndTokenizersCount() throws {
    try workshop.write(
      "few.jsonl",
      lines([
        ["instruction": "What is a vein", "output": "A vessel"],
        ["instruction": "what is a VEIN?", "output": "Что-то"],
      ]))
    let whole = try written(MinHashRequest(revision: "few.jsonl", output: "out.jsonl")).1
    #expect(whole[0]["minhash"] != whole[1]["minhash"])
    let task = try written(MinHashRequest(revision: "few.jsonl", fields: [.instruction], output: "out.jsonl"))
      .1
    #expect(task[0]["minhash"] == task[1]["minhash"])
    let rouge = try written(
      MinHashRequest(revision: "few.jsonl", fields: [.output], tokenizer: "rouge", output: "out.jsonl"))
    #expect(rouge.1[1]["minhash"] == .null)
    #expect(rouge.0.wordless == 1)
    #expect(rouge.0.tokenizer == "rouge-ascii-v1")
  }

  @Test func whatCannotBeIsRefusedAndWritesNothing() throws {
    for request in [
      MinHashRequest(revision: "rows.jsonl", ngram: 0, output: "none.jsonl"),
      MinHashRequest(revision: "rows.jsonl", permutations: 70_000, output: "none.jsonl"),
      MinHashRequest(revision: "rows.jsonl", tokenizer: "words", output: "none.jsonl"),
      MinHashRequest(revision: "missing.jsonl", output: "none.jsonl"),
    ] { #expect(throws: Failure.self) { try request.run(in: workshop.session) } }
    #expect(throws: (any Error).self) { try workshop.text("none.jsonl") }
  }
}
