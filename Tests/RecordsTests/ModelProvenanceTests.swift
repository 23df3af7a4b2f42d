import Testing

@testable import Records

@Suite("Provenance of rows")
struct ModelProvenanceTests {
  private static func batch() -> Batch {
    var batch = ModelObjectSamples.batch
    batch.teacher = nil
    batch.license = "MIT"
    batch.prompts = []
    batch.seeds = [.init(name: "s1", object: sampleID(1)), .init(name: "s2", object: sampleID(2))]
    batch.mapping = ColumnMapping()
    batch.mapping[.teacher] = "model"
    batch.mapping[.prompt] = "prompt"
    batch.mapping[.seeds] = "seed_ids"
    batch.mapping[.license] = "licence"
    batch.mapping[.score("quality")] = "q"
    batch.mapping[.score("safety")] = "s"
    return batch
  }

  private static func resolution(_ cells: [(String, String)]) throws -> ProvenanceResolution {
    var builder = OriginsBuilder(first: 1)
    builder.appendRow()
    for (name, value) in cells { builder.column(name.utf8, value: value.utf8) }
    return ProvenanceResolution(batch: batch(), chunk: try OriginsChunk(parsing: builder.finish()))
  }

  @Test("columns win over the batch, and the batch answers where they are silent")
  func overlay() throws {
    let full = try Self.resolution([
      ("model", #""gpt-4""#), ("seed_ids", #"["s2"]"#), ("q", "4.5"), ("s", #""0.25""#),
      ("prompt", #""p, r""#),
      ("licence", #""CC0""#),
    ])
    let row = try full.provenance(at: 0)
    #expect(
      row.teacher == "gpt-4" && row.seeds == ["s2"] && row.license == "CC0" && row.prompts == ["p", "r"])
    #expect(row.scores.map(\.name) == ["quality", "safety"] && row.scores.map(\.value) == [4.5, 0.25])
    #expect(row.saidByRow == .all && row.known == .all)
    #expect(full.saidByBatch == [.seeds, .license])

    let empty = try Self.resolution([
      ("model", #""""#), ("q", #""n/a""#), ("licence", "null"), ("seed_ids", "[]"),
    ])
    let silent = try empty.provenance(at: 0)
    #expect(
      silent.teacher == nil && silent.seeds == ["s1", "s2"] && silent.license == "MIT"
        && silent.scores.isEmpty)
    #expect(silent.saidByRow == [] && silent.known == [.seeds, .license])
  }

  @Test("the byte path and the value path agree on what a row says")
  func agreement() throws {
    let values = [
      "null", "true", "false", "0", "-1.5", #""""#, #"" ""#, #"",""#, #""a""#, #""3""#, #""nan""#, "[]", "{}",
      #"["a",7]"#, "[null]", #"[""]"#, #""[\"x\"]""#, #""[]""#, #""[bad""#, "1e+30",
    ]
    for value in values {
      let cells = ["model", "prompt", "seed_ids", "licence", "q", "s"].map { ($0, value) }
      let resolution = try Self.resolution(cells)
      #expect(resolution.saidByRow(at: 0) == (try resolution.provenance(at: 0).saidByRow), "\(value)")
      #expect(resolution.counts() == [resolution.saidByRow(at: 0): 1])
    }
  }

  @Test(
    "lists of names",
    arguments: [
      (#""a""#, ["a"]), (#"" a , b;c|d ""#, ["a", "b", "c", "d"]), (#""[\"x\",\"y z\"]""#, ["x", "y z"]),
      ("7", ["7"]), (#"["a",8,null,""]"#, ["a", "8"]), ("null", []), (#"",,""#, []), (#""[oops""#, ["[oops"]),
    ])
  func names(json: String, names: [String]) throws {
    #expect(ColumnValue.names(try JSON.parse(Array(json.utf8))) == names)
  }

  @Test("roles read as they are written")
  func roles() {
    for text in ["teacher", "prompt", "seeds", "license", "score.quality", "score.é"] {
      #expect(ColumnMapping.Role(text)?.text == text)
    }
    for text in ["", "score", "score.", "Teacher", "author"] { #expect(ColumnMapping.Role(text) == nil) }
    var mapping = ColumnMapping()
    mapping[.score("é")] = "a"
    mapping[.score("e\u{301}")] = "b"
    #expect(mapping.entries.count == 2)
    mapping[.score("é")] = nil
    #expect(mapping[.score("e\u{301}")] == "b" && mapping.entries.count == 1)
  }
}
