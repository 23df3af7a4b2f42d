import Testing

@Suite struct CheckoutTests {
  @Test func writesEveryFormat() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata checkout v1 -o a.jsonl
      Wrote 4 records of #1 to a.jsonl (alpaca-jsonl, 753 bytes)
      $ mdata checkout v1 -o a.json --format alpaca-json
      Wrote 4 records of #1 to a.json (alpaca-json, 1,280 bytes)
      $ mdata checkout v1 -o a.csv.gz --format csv
      Wrote 4 records of #1 to a.csv.gz (csv, 484 bytes)
      $ mdata checkout v1 -o a.tsv.zst --format tsv
      Wrote 4 records of #1 to a.tsv.zst (tsv, 484 bytes)
      $ mdata checkout HEAD -o both.jsonl --json
      {"bytes":877,"commit":"#2/40","file":"both.jsonl","format":"alpaca-jsonl","records":6,"schema":"mdata.checkout/v1","sha256":"#3/64","snapshot":"#4/64"}
      $ mdata checkout HEAD -o - --format alpaca-jsonl
      {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
      {"id":"p2","instruction":"Translate into plain words.","input":"Pyrexia of unknown origin","output":"A fever whose cause is not known.","teacher":"claude","seeds":["s1","s2"],"prompt":"answer.md","quality":5,"license":"CC0-1.0"}
      {"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain and lowers fever.","teacher":"claude","seeds":["s2"],"prompt":"answer.md","quality":3,"license":"CC0-1.0"}
      {"id":"p4","instruction":"给发热下一个定义。","output":"体温高于正常范围。","teacher":"human","seeds":["s9"],"prompt":"answer.md","license":"CC0-1.0"}
      {"instruction":"What is a vein?","output":"A vessel that leads to the heart."}
      {"instruction":"Say \"ah\".","output":"Ah."}
      $ mdata checkout HEAD -o - --format alpaca-json
      [
          {
              "instruction": "Name one cause of fever.",
              "input": "",
              "output": "An infection.",
              "id": "p1",
              "license": "CC0-1.0",
              "prompt": "answer.md",
              "quality": 4.5,
              "seeds": [
                  "s1"
              ],
              "teacher": "claude"
          },
          {
              "instruction": "Translate into plain words.",
              "input": "Pyrexia of unknown origin",
              "output": "A fever whose cause is not known.",
              "id": "p2",
              "license": "CC0-1.0",
              "prompt": "answer.md",
              "quality": 5,
              "seeds": [
                  "s1",
                  "s2"
              ],
              "teacher": "claude"
          },
          {
              "instruction": "Is aspirin an antibiotic?",
              "input": "",
              "output": "No. It eases pain and lowers fever.",
              "id": "p3",
              "license": "CC0-1.0",
              "prompt": "answer.md",
              "quality": 3,
              "seeds": [
                  "s2"
              ],
              "teacher": "claude"
          },
          {
              "instruction": "给发热下一个定义。",
              "input": "",
              "output": "体温高于正常范围。",
              "id": "p4",
              "license": "CC0-1.0",
              "prompt": "answer.md",
              "seeds": [
                  "s9"
              ],
              "teacher": "human"
          },
          {
              "instruction": "What is a vein?",
              "input": "",
              "output": "A vessel that leads to the heart."
          },
          {
              "instruction": "Say \"ah\".",
              "input": "",
              "output": "Ah."
          }
      ]
      $ mdata checkout HEAD -o - --format prompt-completion
      error: record `#5:1` has a column `prompt`, which is the name of a part of the pair in prompt-completion
      hint: `--format alpaca-json`, `--format alpaca-jsonl`, `--format csv` or `--format tsv` has room for all records of this version
      [exit 65]
      $ mdata checkout HEAD -o - --format messages
      error: record `#5/24:2`: the pair has an input, which messages cannot keep apart from the instruction; export as alpaca-json, alpaca-jsonl, csv or tsv, or join the input to the instruction
      [exit 65]
      $ mdata checkout HEAD -o - --format sharegpt
      [
          error: record `#5/24:2`: the pair has an input, which sharegpt cannot keep apart from the instruction; export as alpaca-json, alpaca-jsonl, csv or tsv, or join the input to the instruction
      [exit 65]
      $ mdata checkout HEAD -o - --format tsv
      instruction	input	output	id	license	prompt	quality	seeds	teacher
      Name one cause of fever.		An infection.	p1	CC0-1.0	answer.md	4.5	"[""s1""]"	claude
      Translate into plain words.	Pyrexia of unknown origin	A fever whose cause is not known.	p2	CC0-1.0	answer.md	5	"[""s1"",""s2""]"	claude
      Is aspirin an antibiotic?		No. It eases pain and lowers fever.	p3	CC0-1.0	answer.md	3	"[""s2""]"	claude
      给发热下一个定义。		体温高于正常范围。	p4	CC0-1.0	answer.md		"[""s9""]"	human
      What is a vein?		A vessel that leads to the heart.						
      "Say ""ah""."		Ah.						
      """#)
    #expect(try repository.text("a.jsonl") == Sample.first)
    let csv = try await repository.run("checkout", "v1", "-o", "-", "--format", "csv")
    let unzipped = try await repository.shell("gzip -dc a.csv.gz")
    #expect(unzipped.bytes == csv.bytes)
  }

  @Test func givesBackTheImportByteForByte() async throws {
    let repository = try await TestRepository()
    for (number, name) in ["batch-1", "batch-2"].enumerated() {
      let bytes = try TestRepository.fixture("pairs/\(name).jsonl")
      try repository.write("\(name).jsonl", bytes: bytes)
      try await repository.run(
        "commit", "\(name).jsonl", "-m", name, environment: ["MDATA_NOW": "\(1_767_225_600 + number)"])
      try await repository.run("tag", name)
    }
    let first = try await repository.run("checkout", "batch-1", "-o", "-")
    #expect(first.bytes == (try repository.bytes("batch-1.jsonl")))
    let both = try await repository.run("checkout", "batch-2", "-o", "-")
    #expect(both.bytes == (try repository.bytes("batch-1.jsonl") + repository.bytes("batch-2.jsonl")))
  }

  @Test func replacesAFileOnlyWhenWhole() async throws {
    let repository = try await Sample.versions()
    try repository.write("a.jsonl", "mine")
    try await repository.run("checkout", "nope", "-o", "a.jsonl")
    #expect(try repository.text("a.jsonl") == "mine")
    try await repository.run("checkout", "v1", "-o", "a.jsonl")
    #expect(try repository.text("a.jsonl") == Sample.first)
  }

  @Test func pins() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata pin v1
      Pinned #1 (4 records) in mdata.lock
      Next: `mdata checkout --locked -o FILE` or `mdata train --locked --model DIR --out DIR`
      $ mdata checkout --locked -o pinned.jsonl
      Wrote 4 records of #1 to pinned.jsonl (alpaca-jsonl, 753 bytes)
      $ mdata pin
      Pinned #2 (6 records) in mdata.lock
      Next: `mdata checkout --locked -o FILE` or `mdata train --locked --model DIR --out DIR`
      $ mdata pin v1 --json
      {"commit":"#1/40","file":"mdata.lock","records":4,"schema":"mdata.pin/v1","sha256":"#3/64","snapshot":"#4/64"}
      $ mdata checkout --locked -o - --quiet
      {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
      {"id":"p2","instruction":"Translate into plain words.","input":"Pyrexia of unknown origin","output":"A fever whose cause is not known.","teacher":"claude","seeds":["s1","s2"],"prompt":"answer.md","quality":5,"license":"CC0-1.0"}
      {"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain and lowers fever.","teacher":"claude","seeds":["s2"],"prompt":"answer.md","quality":3,"license":"CC0-1.0"}
      {"id":"p4","instruction":"给发热下一个定义。","output":"体温高于正常范围。","teacher":"human","seeds":["s9"],"prompt":"answer.md","license":"CC0-1.0"}
      """#)
    #expect(try repository.text("pinned.jsonl") == Sample.first)
    let lock = repository.shown(try repository.text("mdata.lock"))
    #expect(
      lock == """
        {
          "schema": "mdata.lock/v1",
          "commit": "#1/40",
          "snapshot": "#4/64",
          "records": 4,
          "export": {
            "format": "alpaca-jsonl",
            "bytes": \(Sample.first.utf8.count),
            "sha256": "#3/64"
          },
          "ref": "v1"
        }

        """)
  }
}
