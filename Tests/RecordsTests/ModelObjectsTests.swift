import Testing

@testable import Records

@Suite("Objects as JSON")
struct ModelObjectsTests {
  @Test("every kind reads back what it writes", arguments: ModelObjectSamples.all.map(\.0))
  func roundTrip(kind: String) throws {
    let bytes = try #require(ModelObjectSamples.all.first { $0.0 == kind }?.1)
    #expect(try String(utf8: ModelObjectSamples.rewritten(kind, bytes)) == String(utf8: bytes))
    if kind != "lock" { #expect(CanonicalJSON.encode(try JSON.parse(bytes)) == bytes) }
  }

  @Test("an unknown member is refused by name", arguments: ModelObjectSamples.all.map(\.0))
  func unknownMember(kind: String) throws {
    let bytes = try #require(ModelObjectSamples.all.first { $0.0 == kind }?.1)
    var members = try #require(try JSON.parse(bytes).object)
    members.append(JSONMember("zzz", .integer(1)))
    let error = #expect(throws: ObjectFormatError.self) {
      try ModelObjectSamples.rewritten(kind, CanonicalJSON.encode(.object(members)))
    }
    // All versions of a file are one kind.
    let name = kind.split(separator: "-").first.map(String.init) ?? kind
    #expect(error?.kind == name)
    if kind != "pair", kind != "origins" {
      #expect(error == ObjectFormatError(kind: name, path: "zzz", .unknown))
    }
  }

  @Test(
    "damage to any member is refused or gives the same bytes again",
    arguments: ModelObjectSamples.all.map(\.0))
  func damage(kind: String) throws {
    var random = SplitMix64(seed: 5)
    let intact = try #require(ModelObjectSamples.all.first { $0.0 == kind }?.1)
    for _ in 0..<150 {
      var bytes = intact
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
      guard let again = try? ModelObjectSamples.rewritten(kind, bytes), kind != "lock" else { continue }
      #expect(String(utf8: again) == String(utf8: bytes))
    }
  }

  @Test(
    "errors name the kind and the path of the member",
    arguments: [
      (#""rows":513"#, #""rows":-1"#, "'rows' of this batch is invalid: -1 is not within 0 to 4294967295"),
      (#""rows":513"#, #""rows":1025"#, "'origins' of this batch is invalid: 1025 rows are 3 chunks of 512"),
      (#""bytes":99"#, #""bytes":"99""#, "'source.bytes' of this batch must be a whole number"),
      (
        #""origin":"imported""#, #""origin":"stolen""#,
        "'origin' of this batch must be 'imported' or 'edited'"
      ),
      (#""model""#, "7", "'mapping.teacher' of this batch must be a string"),
      (#""score.quality""#, #""rating""#, "'mapping.rating' of this batch is invalid: no role has this name"),
      (#""v":1"#, #""v":2"#, "'v' of this batch is invalid: this version of mdata reads version 1"),
      (
        #"{"name":"task""#, #"{"nome":"task""#,
        "'prompts[0].name' of this batch is missing"
      ),
      (
        #""origins":["0101"#, #""origins":["xx01"#,
        "'origins[0]' of this batch must be an object id of 64 lower-case hex digits"
      ),
      (#""chunk":512"#, #""chunk": 512"#, "this batch is not canonical JSON (RFC 8785) at byte 9"),
    ])
  func messages(old: String, new: String, message: String) throws {
    let text = String(utf8: ModelObjectSamples.batch.canonicalBytes)
    let changed = text.replacingFirst(old, with: new)
    #expect(changed != text)
    let error = #expect(throws: ObjectFormatError.self) { try Batch(parsing: Array(changed.utf8)) }
    #expect(error?.description == message)
  }

  @Test("golden bytes: whoever changes these changes the ids of every batch and run")
  func golden() {
    let a = String(repeating: "ab", count: 32)
    func id(_ digits: String) -> String { String(repeating: digits, count: 32) }
    #expect(
      String(utf8: ModelObjectSamples.batch.canonicalBytes)
        == #"{"chunk":512,"kind":"batch","layout":{"format":"alpaca-json"},"license":"CC-BY-4.0","#
        + #""mapping":{"score.quality":"q","teacher":"model"},"origin":"imported","origins":["\#(id("01"))","\#(id("02"))"],"#
        + #""pairs":"\#(a)","prompts":[{"name":"task","object":"\#(id("03"))"}],"recipe":{"n":12},"rows":513,"#
        + #""seeds":[{"id":"seed-1","object":"\#(id("04"))"}],"source":{"bytes":99,"name":"data.jsonl","sha256":"\#(a)"},"#
        + #""teacher":"gpt-4","v":1,"warnings":{"placeholder-input":3}}"#)
    #expect(
      String(utf8: ModelObjectSamples.run.canonicalBytes)
        == #"{"code":"mdata 0.1.0","commit":"c0ffee12c0ffee12c0ffee12c0ffee12c0ffee12","config":{"lr":0.0001},"#
        + #""ended":"2026-05-04T10:03:19Z","kind":"run","loss":{"first":2.5,"last":1.25},"metrics":{"sha256":"\#(a)"},"#
        + #""model":{"digest":"\#(a)","name":"tiny"},"output":{"digest":"\#(a)","name":"out"},"#
        + #""records":{"seen":[{"batch":"060606060606060606060606","rows":[[1,2],[9,9]]}],"total":10,"used":3},"#
        + #""repository":{"dirty":true,"head":"c0ffee12c0ffee12c0ffee12c0ffee12c0ffee12"},"seed":42,"#
        + #""snapshot":"\#(id("05"))","started":"2026-05-04T10:03:19Z","steps":7,"template":"alpaca","tokens":1000,"#
        + #""v":1,"verb":"train","version":"main"}"#)
    #expect(
      String(utf8: ModelObjectSamples.lock.encode()) == """
        {
          "schema": "mdata.lock/v1",
          "commit": "c0ffee12c0ffee12c0ffee12c0ffee12c0ffee12",
          "snapshot": "\(id("05"))",
          "records": 10,
          "export": {
            "format": "alpaca-json",
            "bytes": 99,
            "sha256": "\(a)"
          },
          "ref": "main"
        }

        """)
  }

  @Test("an operation is of the first version unless it says what that could not")
  func operationVersions() throws {
    func read(_ operation: Operation) throws -> Operation { try Operation(parsing: operation.canonicalBytes) }
    let plain = ModelObjectSamples.operation
    #expect(String(utf8: plain.canonicalBytes).contains("mdata.operation/v1"))
    var extended: [Operation] = []
    for reversal in [Operation.Reversal.undoes(3), .redoes(1)] {
      extended.append(plain)
      extended[extended.count - 1].reversal = reversal
    }
    for (before, after) in [(nil, ModelObjectSamples.digest), (ModelObjectSamples.digest, nil)] {
      extended.append(plain)
      extended[extended.count - 1].staging = .init(before: before, after: after)
    }
    extended.append(plain)
    extended[extended.count - 1].removed = [sampleID(9)]
    for operation in extended {
      let text = String(utf8: operation.canonicalBytes)
      #expect(text.contains("mdata.operation/v2"))
      let found = try read(operation)
      #expect(found == operation && found.staging == operation.staging)
      #expect(found.reversal == operation.reversal && found.removed == operation.removed)
      let old = text.replacingFirst("mdata.operation/v2", with: "mdata.operation/v1")
      #expect(throws: ObjectFormatError.self) { try Operation(parsing: Array(old.utf8)) }
    }
    let text = String(utf8: plain.canonicalBytes)
    for (member, place) in [
      ("", ""), (#""undoes":0,"#, #""verb""#), (#""undoes":1.5,"#, #""verb""#),
      (#""undoes":"1","#, #""verb""#),
      (#""redoes":1,"#, #""schema""#), (#""removed":[],"#, #""schema""#), (#""staging":null,"#, #""time""#),
      (#""staging":{"after":null},"#, #""time""#),
    ] {
      let broken = text.replacingFirst("mdata.operation/v1", with: "mdata.operation/v2")
        .replacingFirst(place, with: member + place)
      let isFine = member.hasPrefix(#""redoes":1"#)
      #expect(((try? Operation(parsing: Array(broken.utf8))) != nil) == isFine, "\(broken)")
    }
    let both = text.replacingFirst("mdata.operation/v1", with: "mdata.operation/v2")
      .replacingFirst(#""schema""#, with: #""redoes":1,"schema""#).replacingFirst(
        #""verb""#, with: #""undoes":1,"verb""#)
    #expect(throws: ObjectFormatError.self) { try Operation(parsing: Array(both.utf8)) }
  }

  @Test("a dataset is of the first version unless it has a report")
  func datasetVersions() throws {
    let plain = String(utf8: ModelObjectSamples.dataset.canonicalBytes)
    let reported = String(utf8: ModelObjectSamples.reported.canonicalBytes)
    #expect(plain.contains("mdata.dataset/v1") && reported.contains("mdata.dataset/v2"))
    #expect(try Dataset(parsing: Array(reported.utf8)).report == sampleID(9))
    for broken in [
      plain.replacingFirst("dataset/v1", with: "dataset/v2"),
      reported.replacingFirst("dataset/v2", with: "dataset/v1"),
    ] {
      #expect(throws: ObjectFormatError.self) { try Dataset(parsing: Array(broken.utf8)) }
    }
  }

  @Test("reasons ascend by record, and a score is a number")
  func reasonsInOrder() throws {
    func reason(_ row: UInt32) -> Reason {
      Reason(
        record: RecordID(batch: BatchPrefix(of: sampleID(6)), row: row), decision: .theirs, rule: "edit/edit")
    }
    for rows in [[], [1], [1, 2], [2, 10]] as [[UInt32]] {
      let reasons = Reasons(rows.map(reason))
      #expect(try Reasons(parsing: reasons.canonicalBytes) == reasons)
    }
    for rows in [[1, 1], [2, 1]] as [[UInt32]] {
      #expect(throws: ObjectFormatError.self) {
        try Reasons(parsing: Reasons(rows.map(reason)).canonicalBytes)
      }
    }
    let text = String(utf8: ModelObjectSamples.reasons.canonicalBytes)
    for (old, new) in [("\"score\":1", "\"score\":null"), ("\"drop\"", "\"keep\""), ("normalised", "")] {
      #expect(throws: ObjectFormatError.self) {
        try Reasons(parsing: Array(text.replacingFirst(old, with: new).utf8))
      }
    }
  }

  @Test("a run knows what it saw, and keeps a loss that is not a number")
  func run() throws {
    var run = ModelObjectSamples.run
    let batch = BatchPrefix(of: sampleID(6))
    for (row, saw) in [(1, true), (2, true), (3, false), (8, false), (9, true), (10, false)]
      as [(UInt32, Bool)]
    {
      #expect(run.saw(RecordID(batch: batch, row: row)) == saw)
    }
    #expect(!run.saw(RecordID(batch: BatchPrefix(of: sampleID(7)), row: 1)))
    run.loss = .init(first: 2, last: .nan)
    #expect(try Run(parsing: run.canonicalBytes).loss?.last.isNaN == true)
  }

  @Test("a row's chunk and offset")
  func chunkOfRow() throws {
    let batch = ModelObjectSamples.batch
    #expect(batch.origins(ofRow: 512)?.chunk == sampleID(1) && batch.origins(ofRow: 512)?.offset == 511)
    #expect(batch.origins(ofRow: 513)?.chunk == sampleID(2) && batch.origins(ofRow: 513)?.offset == 0)
    #expect(batch.origins(ofRow: 0) == nil && batch.origins(ofRow: 514) == nil)
  }

  @Test(
    "times",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (1_777_888_999, "2026-05-04T10:03:19Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
      (253_402_300_799, "9999-12-31T23:59:59Z"), (Int.max, "9999-12-31T23:59:59Z"),
      (Int.min, "0000-01-01T00:00:00Z"),
    ])
  func time(seconds: Int, text: String) {
    #expect(Timestamp(secondsSince1970: seconds).text == text)
    #expect(Timestamp(text)?.text == text)
  }

  @Test(
    "texts that are no times",
    arguments: [
      "", "2026-05-04", "2026-05-04T10:00:00", "2026-05-04T10:00:00+02:00", "2026-13-04T10:00:00Z",
      "2026-05-04T24:00:00Z", "2026-05-04T10:00:00.Z", "2026-05-04 10:00:00Z",
      "2026-05-04T10:00:00.1234567890Z",
    ])
  func noTime(text: String) { #expect(Timestamp(text) == nil) }
}

extension String {
  fileprivate func replacingFirst(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }

  private func firstRange(of text: String) -> Range<Index>? {
    indices.lazy.filter { self[$0...].hasPrefix(text) }.first.flatMap { start in
      index(start, offsetBy: text.count, limitedBy: endIndex).map { start..<$0 }
    }
  }

  private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
