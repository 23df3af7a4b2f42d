import Testing

@testable import Records

@Suite("Seed files")
struct ModelSeedTests {
  @Test("AlpaCare's fields in a JSON array")
  func alpaCare() throws {
    let seeds = try SeedFile.read(
      Array(
        """
        [
          {"topic": "Oncology", "view": "Patient", "type": "QA", "instruction": "Explain.",
           "input": "<noinput>", "difficulty": "3"},
          {"instruction": "List.", "input": "NA deficiency", "difficulty": 5, "reviewer": "dr"}
        ]
        """.utf8))
    #expect(
      seeds == [
        Seed(
          id: "seed-1", instruction: "Explain.", type: "QA", topic: "Oncology", view: "Patient", difficulty: 3
        ),
        Seed(
          id: "seed-2", instruction: "List.", input: "NA deficiency", difficulty: 5,
          extra: [JSONMember("reviewer", .string("dr"))]),
      ])
    for seed in seeds { #expect(try Seed(parsing: seed.canonicalBytes) == seed) }
  }

  @Test("self-instruct's fields, one object a line, with a byte order mark and blank lines")
  func selfInstruct() throws {
    let seeds = try SeedFile.read(
      [0xEF, 0xBB, 0xBF]
        + Array(
          #"""
          {"id": "seed_task_0", "name": "n", "instruction": "Do.", "instances": [{"input": "", "output": "Done."}], "is_classification": false}

          {"id": "seed_task_1", "instruction": "Go.", "instances": [{"input": "a", "output": "b"}, {"input": "c", "output": "d"}]}
          """#.utf8))
    #expect(seeds.map(\.id) == ["seed_task_0", "seed_task_1"])
    #expect(seeds[0].input == nil && seeds[0].output == "Done.")
    #expect(seeds[0].extra.map(\.name) == ["name", "is_classification"])
    #expect(seeds[1].input == "a" && seeds[1].extra.map(\.name) == ["instances"])
  }

  @Test(
    "whole inputs that mean none, in any case and spacing",
    arguments: [
      ("<noinput>", nil), (" <NoInput>\n", nil), ("N/A", nil), ("na", "na"), ("None", nil), ("", nil),
      ("DNA", "DNA"), ("none of these", "none of these"), ("NA", nil),
    ] as [(String, String?)])
  func placeholder(spelling: String, input: String?) throws {
    let file = CanonicalJSON.encode(
      .array([.object([JSONMember("instruction", .string("i")), JSONMember("input", .string(spelling))])]))
    #expect(try SeedFile.read(file)[0].input == input)
  }

  @Test(
    "what is wrong is named by position and member, or by line",
    arguments: [
      ("", "this seed file is invalid: it has no seeds"),
      ("[]", "this seed file is invalid: it has no seeds"),
      ("[1]", "'[1]' of this seed file must be an object"),
      (#"[{"instruction":"a"},{"input":"b"}]"#, "'[2].instruction' of this seed file is missing"),
      (#"[{"instruction":" "}]"#, "'[1].instruction' of this seed file is invalid: it is empty"),
      (
        #"[{"instruction":"a","difficulty":"6"}]"#,
        "'[1].difficulty' of this seed file must be a number from 1 to 5"
      ),
      (#"[{"instruction":7}]"#, "'[1].instruction' of this seed file must be a string"),
      (
        #"[{"instruction":"a","id":"x"},{"instruction":"b","id":"x"}]"#,
        "'[2].id' of this seed file is invalid: an earlier seed is called 'x' too"
      ),
      (
        "{\"instruction\":\"a\"}\n{\"instruction\":}",
        "this seed file is not JSON: line 2, column 16: expected a JSON value"
      ),
    ])
  func failures(text: String, message: String) {
    let error = #expect(throws: ObjectFormatError.self) { try SeedFile.read(Array(text.utf8)) }
    #expect(error?.description == message)
  }
}
