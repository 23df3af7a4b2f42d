import Testing

@testable import Records

/// A table and the ways in which its cells are spelled.
private struct Table {
  var header: [String]
  var rows: [[String]]
  var delimiter: String
  var lineEnd: String
  var quoting: [CSVDialect.Quoting]
  var endsWithLineEnd = true
  var hasMark = false
  /// How often a cell or line end is spelled otherwise.
  var noise = 0.0

  init(_ random: inout SplitMix64, rows count: Int, noise: Double) {
    let pieces = [
      "a", "word ", " ", "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "é", "😀", "=1+1", "{", "\u{1}",
      "\\", "<noinput>",
      "0123456789abcdef0123456789abcdef",
    ]
    header = ["instruction", "input", "output", "topic", "", "sc\"ore", "x,y;\tz"]
    if random.flip(0.3) { header.append("system") }
    header.shuffle(using: &random)
    delimiter = [",", ";", "\t"].randomElement(using: &random) ?? ","
    lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    let styles: [CSVDialect.Quoting] = [.needed, .always, .unlessEmpty]
    quoting = header.map { _ in styles.randomElement(using: &random) ?? .needed }
    endsWithLineEnd = random.flip(0.7)
    hasMark = random.flip(0.3)
    self.noise = noise
    let names = header
    rows = (0..<count).map { _ in
      names.map { _ in
        (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
          .joined()
      }
    }
  }

  func spelled(_ random: inout SplitMix64) -> [UInt8] {
    var text = hasMark ? "\u{FEFF}" : ""
    text += header.map { spell($0, .needed, &random, noise: 0) }.joined(separator: delimiter)
    for row in rows {
      text += lineEnd
      if random.flip(noise) { text += ["\n", "\r\n", "\r\r", "\n\n"].randomElement(using: &random) ?? "" }
      text += zip(row, quoting).map { spell($0, $1, &random, noise: noise) }.joined(separator: delimiter)
    }
    return Array((endsWithLineEnd ? text + lineEnd : text).utf8)
  }

  private func spell(
    _ cell: String, _ quoting: CSVDialect.Quoting, _ random: inout SplitMix64, noise: Double
  ) -> String {
    let needs = cell.utf8.contains {
      "\",;\t\r\n".utf8.contains($0) && (!",;\t".utf8.contains($0) || delimiter.utf8.first == $0)
    }
    var isQuoted =
      switch quoting {
      case .needed: needs
      case .always: true
      case .unlessEmpty: !cell.utf8.isEmpty
      }
    if !needs, random.flip(noise) { isQuoted.toggle() }
    guard isQuoted || needs else { return cell }
    var doubled = ""
    for scalar in cell.unicodeScalars {
      doubled.unicodeScalars.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar])
    }
    return "\"\(doubled)\""
  }
}

@Suite("CSV round trips")
struct CSVRoundTripTests {
  @Test("an import gives back its texts and its bytes", arguments: 0..<36)
  func roundTrip(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let noise = seed % 2 == 0 ? 0 : 0.05
    let table = Table(
      &random, rows: [1, 2, 40, seed < 4 ? 600 : 3].randomElement(using: &random) ?? 1, noise: noise)
    let source = table.spelled(&random)
    let step = [1 << 20, 4096, 97].randomElement(using: &random) ?? 1
    let imported = try CSVImport(source, step: step)
    #expect(imported.rejects.isEmpty)
    #expect(imported.pairs.count == table.rows.count)
    #expect(imported.layout.format == (table.delimiter == "\t" ? .tsv : .csv))
    for (row, (cells, origin)) in zip(table.rows, try imported.rows).enumerated() {
      let pair = imported.pairs[row]
      let texts = table.header.map { name in
        switch name {
        case "instruction": pair.instruction
        case "output": pair.output
        case "system": pair.system ?? ""
        case "input": pair.input ?? origin.placeholder ?? ""
        default: origin[name]?.string ?? "absent"
        }
      }
      #expect(texts.map { Array($0.utf8) } == cells.map { Array($0.utf8) })
      let place = try #require(origin.place)
      if noise == 0 { #expect(source[place.byte..<place.byte + place.length].first != 0x0A) }
    }
    #expect(String(utf8: try imported.exported()) == String(utf8: source))
    #expect(try Layout(json: imported.layout.json) == imported.layout)
    if noise == 0, table.rows.count >= 600 { #expect(try imported.rows.allSatisfy { $0.verbatim == nil }) }
  }

  @Test("a quoted carriage return at the end of what is in memory", arguments: 1..<12)
  func smallReads(step: Int) throws {
    let source = Array("instruction,output\r\n\"a\r\nb\",\"c\"\"d\"\r\n\r\ne,f\r\n".utf8)
    let imported = try CSVImport(source, step: step)
    #expect(imported.pairs.map(\.instruction) == ["a\r\nb", "e"])
    #expect(imported.pairs.map(\.output) == ["c\"d", "f"])
    #expect(try imported.rows.map(\.place?.line) == [2, 5])
    #expect(try imported.exported() == source)
  }

  @Test("records of another source are written as RFC 4180 says")
  func export() throws {
    var builder = OriginsBuilder(first: 1)
    builder.appendRow()
    builder.column("tags".utf8, value: #"["a",1]"#.utf8)
    builder.column("note".utf8, value: #""x\ty\n""#.utf8)
    builder.column("none".utf8, value: "null".utf8)
    let origin = try OriginsChunk(parsing: builder.finish())
    var writer = RowWriter(layout: .table(.csv, columns: ["tags", "note", "none", "other"], hasSystem: true))
    var output = writer.begin()
    let pair = Pair(instruction: "=SUM(A1)", input: "a,b", output: "say \"hi\"", system: "s")
    try pair.canonicalBytes.withUnsafeBytes {
      try writer.append(pair: $0, origin: origin, at: 0, to: &output)
    }
    output += writer.end()
    #expect(
      String(utf8: output)
        == "instruction,input,output,system,tags,note,none,other\n"
        + "=SUM(A1),\"a,b\",\"say \"\"hi\"\"\",s,\"[\"\"a\"\",1]\",\"x\ty\n\",,\n")
  }

  @Test("what the header has no column for is refused")
  func refusedExport() throws {
    var builder = OriginsBuilder(first: 1)
    builder.appendRow()
    builder.column("tags".utf8, value: "1".utf8)
    let origin = try OriginsChunk(parsing: builder.finish())
    func export(_ pair: Pair, _ origin: OriginsChunk? = nil) throws {
      var writer = RowWriter(format: .tsv)
      var output: [UInt8] = []
      defer { #expect(output.isEmpty) }
      try pair.canonicalBytes.withUnsafeBytes { try writer.append(pair: $0, origin: origin, to: &output) }
    }
    let plain = Pair(instruction: "a", output: "b")
    #expect(throws: ExportFailure.column("tags", .tsv)) { try export(plain, origin) }
    #expect(throws: ExportFailure.system(.tsv)) {
      try export(Pair(instruction: "a", output: "b", system: "c"))
    }
    #expect(throws: ExportFailure.earlierTurns(.tsv)) {
      try export(Pair(instruction: "a", output: "b", turns: [.init(role: .user, content: "c")]))
    }
  }

  @Test("dialects read back as they are stored")
  func dialects() {
    for quoting in [[CSVDialect.Quoting.always, .needed], [.unlessEmpty, .unlessEmpty]] {
      let dialect = CSVDialect(delimiter: UInt8(ascii: ";"), quoting: quoting)
      #expect(CSVDialect(dialect.json, columns: 2) == dialect)
    }
    #expect(CSVDialect(.object([]), columns: 2) == nil)
    #expect(
      CSVDialect(
        .object([JSONMember("delimiter", .string("|")), JSONMember("quoting", .string("needed"))]), columns: 1
      ) == nil)
  }
}
