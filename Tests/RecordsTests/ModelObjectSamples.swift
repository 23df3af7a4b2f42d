@testable import Records

/// One full and one bare object of every JSON kind, which tests and schemas share.
enum ModelObjectSamples {
  static let digest = ContentDigest(sampleID(0xAB))
  static let gitID = String(repeating: "c0ffee12", count: 5)
  static let time = Timestamp(secondsSince1970: 1_777_888_999)

  static var batch: Batch {
    var mapping = ColumnMapping()
    mapping[.teacher] = "model"
    mapping[.score("quality")] = "q"
    return Batch(
      origin: .imported, rows: 513, pairs: digest, origins: [sampleID(1), sampleID(2)],
      source: .init(name: "data.jsonl", bytes: 99, sha256: digest),
      layout: .object([JSONMember("format", .string("alpaca-json"))]), mapping: mapping, teacher: "gpt-4",
      prompts: [.init(name: "task", object: sampleID(3))],
      seeds: [.init(name: "seed-1", object: sampleID(4))],
      license: "CC-BY-4.0", recipe: .object([JSONMember("n", .integer(12))]),
      warnings: ["placeholder-input": 3])
  }

  static var run: Run {
    Run(
      commit: gitID, snapshot: sampleID(5), version: "main", model: .init(name: "tiny", digest: digest),
      config: .object([JSONMember("lr", .number(0.0001))]), template: "alpaca", seed: 42,
      records: .init(
        total: 10, used: 3,
        seen: [.init(batch: BatchPrefix(of: sampleID(6)), rows: [1...2, 9...9])]),
      steps: 7, tokens: 1000, loss: .init(first: 2.5, last: 1.25), metrics: digest,
      output: .init(name: "out", digest: digest), code: "mdata 0.1.0", started: time, ended: time,
      repository: .init(head: gitID, dirty: true))
  }

  /// The fullest one.
  static var measuredRun: Run {
    var measured = run
    measured.validation = .init(commit: gitID, records: 9, before: 2.75, after: 1.5, step: 6)
    return measured
  }

  static var pair: Pair {
    Pair(
      instruction: "Explain.", input: "x", output: "y", system: "s",
      turns: [.init(role: .user, content: "hi")])
  }

  static var seed: Seed {
    Seed(
      id: "seed-1", instruction: "Explain.", input: "x", output: "y", type: "qa", topic: "heart",
      view: "patient",
      difficulty: 3, license: "MIT", extra: [JSONMember("name", .string("n"))])
  }

  static var origins: [UInt8] {
    var builder = OriginsBuilder(first: 1)
    for row in 0..<4 {
      builder.appendRow(line: 1 + row * 2, byte: row * row * 50, length: 40)
      builder.column("topic".utf8, value: #""heart""#.utf8)
      if row == 2 {
        builder.column("score".utf8, value: "0.5".utf8)
        builder.edits(RecordID(batch: BatchPrefix(of: sampleID(6)), row: 4))
        Array("<noinput>".utf8).withUnsafeBytes { builder.placeholder($0) }
        Array("{ }".utf8).withUnsafeBytes { builder.verbatim($0) }
      }
    }
    return builder.finish()
  }

  static var operation: Operation {
    Operation(
      parent: digest, time: time, verb: "commit", description: "commit 3 rows",
      before: ["HEAD": "refs/heads/main"], after: ["HEAD": "refs/heads/main", "refs/heads/main": gitID],
      objects: [sampleID(7)])
  }

  static var undo: Operation {
    Operation(
      parent: digest, time: time, verb: "undo", description: "undo 3: commit 3 rows",
      before: ["refs/heads/main": gitID], after: [:], objects: [sampleID(6)], removed: [sampleID(7)],
      staging: .init(before: nil, after: digest), reversal: .undoes(3))
  }

  static var lock: PinnedVersion {
    PinnedVersion(
      commit: gitID, snapshot: sampleID(5), records: 10,
      export: .init(format: "alpaca-json", bytes: 99, sha256: digest), ref: "main")
  }

  static var dataset: Dataset {
    Dataset(
      snapshot: sampleID(5), records: 10, batches: sampleID(8), batchCount: 2,
      changes: .init(added: 3, edited: 2, removed: 1))
  }

  static var reported: Dataset {
    var dataset = dataset
    dataset.report = sampleID(9)
    return dataset
  }

  static var report: Report {
    Report(
      verb: "dedup", settings: .object([JSONMember("keep", .string("first"))]), count: 1,
      reasons: [sampleID(10)])
  }

  static var reasons: Reasons {
    let batch = BatchPrefix(of: sampleID(6))
    return Reasons([
      Reason(
        record: RecordID(batch: batch, row: 4), decision: .drop, rule: "normalised",
        other: RecordID(batch: batch, row: 2), score: 1)
    ])
  }

  /// The kind's name and the fullest object of it.
  static var all: [(String, [UInt8])] {
    [
      ("pair", pair.canonicalBytes), ("batch", batch.canonicalBytes), ("origins", origins),
      ("prompt", Prompt(name: "task", text: "Write {n} tasks.").canonicalBytes),
      ("seed", seed.canonicalBytes),
      ("run", measuredRun.canonicalBytes), ("dataset", dataset.canonicalBytes),
      ("dataset-v2", reported.canonicalBytes), ("report", report.canonicalBytes),
      ("reasons", reasons.canonicalBytes),
      ("operation", operation.canonicalBytes), ("operation-v2", undo.canonicalBytes),
      ("lock", lock.encode()),
    ]
  }

  /// Reads bytes as an object of a kind and returns what the kind's writer makes of it.
  static func rewritten(_ kind: String, _ bytes: [UInt8]) throws -> [UInt8] {
    switch kind {
    case "pair": try Pair(canonical: bytes).canonicalBytes
    case "batch": try Batch(parsing: bytes).canonicalBytes
    case "origins": try OriginsChunk(parsing: bytes).bytes
    case "prompt": try Prompt(parsing: bytes).canonicalBytes
    case "seed": try Seed(parsing: bytes).canonicalBytes
    case "run": try Run(parsing: bytes).canonicalBytes
    case "report": try Report(parsing: bytes).canonicalBytes
    case "reasons": try Reasons(parsing: bytes).canonicalBytes
    case "dataset", "dataset-v2": try Dataset(parsing: bytes).canonicalBytes
    case "operation", "operation-v2": try Operation(parsing: bytes).canonicalBytes
    default: try PinnedVersion(parsing: bytes).encode()
    }
  }
}
