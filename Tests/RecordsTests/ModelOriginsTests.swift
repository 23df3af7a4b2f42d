import Testing

@testable import Records

/// One row as a test thinks of it.
private struct Row {
  var place: OriginsChunk.Place?
  var columns: [(String, JSONValue)] = []
  var edited: RecordID?
  var placeholder: String?
  var verbatim: String?
}

@Suite("Origins chunks")
struct ModelOriginsTests {
  private static let names = [
    "topic", "é", "e\u{301}", "\u{e000}", "😀", "q\"uote", "type", "", "nested.name",
  ]

  private static func rows(_ random: inout SplitMix64, count: Int) -> [Row] {
    let withPlaces = random.flip(0.7)
    let density: Double = [0.1, 0.9, 1.0].randomElement(using: &random) ?? 1
    let multiline = random.flip(0.3)
    let editing = random.flip(0.4) ? density : 0
    var line = Int.random(in: 1...1_000_000, using: &random)
    var byte = Int.random(in: 0...1_000_000, using: &random)
    let gap = Int.random(in: 1...2, using: &random)
    return (0..<count).map { _ in
      var row = Row()
      if withPlaces {
        let length = Int.random(in: 0...9000, using: &random)
        row.place = OriginsChunk.Place(line: line, byte: byte, length: length)
        line += multiline ? Int.random(in: 1...3, using: &random) : 1
        byte += length + (multiline ? Int.random(in: 1...3, using: &random) : gap)
      }
      for name in names.shuffled(using: &random) where random.flip(density) {
        row.columns.append((name, random.json()))
      }
      if random.flip(editing) {
        row.edited = RecordID(
          batch: BatchPrefix(high: random.next(), low: 7),
          row: UInt32.random(in: 1...UInt32.max, using: &random))
      }
      if random.flip(0.1) { row.placeholder = random.text(upTo: 2) }
      if random.flip(0.1) { row.verbatim = random.text() }
      return row
    }
  }

  private static func append(_ row: Row, to builder: inout OriginsBuilder) {
    if let place = row.place {
      builder.appendRow(line: place.line, byte: place.byte, length: place.length)
    } else {
      builder.appendRow()
    }
    for (name, value) in row.columns { builder.column(name.utf8, value: CanonicalJSON.encode(value)) }
    if let edited = row.edited { builder.edits(edited) }
    if let placeholder = row.placeholder {
      Array(placeholder.utf8).withUnsafeBytes { builder.placeholder($0) }
    }
    if let verbatim = row.verbatim { Array(verbatim.utf8).withUnsafeBytes { builder.verbatim($0) } }
  }

  /// The chunk through the general JSON writer.
  private static func reference(_ rows: [Row], first: Int) -> [UInt8] {
    func sparse(_ pairs: [(Int, JSONValue)], rowsAlways: Bool, values: String = "values") -> JSONValue {
      var members = [JSONMember(values, .array(pairs.map(\.1)))]
      if rowsAlways || pairs.count < rows.count {
        members.append(JSONMember("rows", .array(pairs.map { .integer($0.0) })))
      }
      return .object(members)
    }
    func present<Value>(_ read: (Row) -> Value?) -> [(Int, Value)] {
      rows.enumerated().compactMap { offset, row in read(row).map { (offset, $0) } }
    }
    var columns: [JSONMember] = []
    for name in names {
      let cells = present { row in row.columns.first { $0.0.utf8.elementsEqual(name.utf8) }?.1 }
      if !cells.isEmpty { columns.append(JSONMember(name, sparse(cells, rowsAlways: false))) }
    }
    var members = [
      JSONMember("kind", .string("origins")), JSONMember("v", .integer(1)),
      JSONMember("first", .integer(first)),
      JSONMember("count", .integer(rows.count)), JSONMember("columns", .object(columns)),
    ]
    let edits = present(\.edited).map { ($0.0, JSONValue.string($0.1.description)) }
    if !edits.isEmpty {
      members.append(JSONMember("edits", sparse(edits, rowsAlways: false, values: "records")))
    }
    for (name, found) in [("placeholders", present(\.placeholder)), ("verbatim", present(\.verbatim))]
    where !found.isEmpty {
      members.append(JSONMember(name, sparse(found.map { ($0.0, .string($0.1)) }, rowsAlways: true)))
    }
    let places = rows.compactMap(\.place)
    if let place = places.first, places.count == rows.count {
      var list = [
        JSONMember("line", .integer(place.line)), JSONMember("byte", .integer(place.byte)),
        JSONMember("lengths", .array(places.map { .integer($0.length) })),
      ]
      let steps = zip(places.dropFirst(), places).map { $0.line - $1.line }
      if steps.contains(where: { $0 != 1 }) {
        list.append(JSONMember("lines", .array(steps.map(JSONValue.integer))))
      }
      let gaps = zip(places.dropFirst(), places).map { $0.byte - $1.byte - $1.length }
      if Set(gaps).count > 1 {
        list.append(JSONMember("gaps", .array(gaps.map(JSONValue.integer))))
      } else if let gap = gaps.first, gap != 1 {
        list.append(JSONMember("gap", .integer(gap)))
      }
      members.append(JSONMember("place", .object(list)))
    }
    return CanonicalJSON.encode(.object(members))
  }

  @Test("what the builder writes is canonical, and reads back row by row", arguments: 0..<16)
  func roundTrip(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var builder = OriginsBuilder(first: 1)
    var first = 1
    for _ in 0..<3 {
      let rows = Self.rows(&random, count: [1, 2, 17, 64].randomElement(using: &random) ?? 1)
      for row in rows { Self.append(row, to: &builder) }
      #expect(builder.count == rows.count)
      let bytes = builder.finish()
      #expect(String(utf8: bytes) == String(utf8: Self.reference(rows, first: first)))
      let chunk = try OriginsChunk(parsing: bytes)
      #expect(chunk.first == first && chunk.count == rows.count)
      for (offset, row) in rows.enumerated() {
        let read = try #require(try chunk.row(at: offset))
        #expect(read.row == first + offset)
        #expect(read.place == row.place)
        #expect(read.editedRecord == row.edited)
        #expect(read.placeholder.map { Array($0.utf8) } == row.placeholder.map { Array($0.utf8) })
        #expect(read.verbatim == row.verbatim.map { Array($0.utf8) })
        #expect(read.columns.count == row.columns.count)
        for (name, value) in row.columns {
          #expect(read[name].map(CanonicalJSON.encode) == CanonicalJSON.encode(value))
          let column = try #require(chunk.column(named: name))
          let range = try #require(chunk.value(ofColumn: column, at: offset))
          #expect(Array(chunk.bytes[range]) == CanonicalJSON.encode(value))
        }
      }
      #expect(try chunk.row(at: rows.count) == nil)
      #expect(chunk.cells(at: -1).isEmpty)
      first += rows.count
    }
  }

  @Test("golden bytes: whoever changes these changes every batch's id")
  func golden() {
    var builder = OriginsBuilder(first: 513)
    builder.appendRow(line: 513, byte: 4000, length: 10)
    builder.column("topic".utf8, value: #""gout""#.utf8)
    builder.column("score".utf8, value: "0.5".utf8)
    builder.appendRow(line: 514, byte: 4011, length: 12)
    builder.column("topic".utf8, value: "null".utf8)
    builder.column("topic".utf8, value: #""second values for a name are ignored""#.utf8)
    Array("<noinput>".utf8).withUnsafeBytes { builder.placeholder($0) }
    builder.edits(RecordID(batch: BatchPrefix(high: 0xABCD, low: 1), row: 42))
    #expect(
      String(utf8: builder.finish())
        == #"{"columns":{"score":{"rows":[0],"values":[0.5]},"topic":{"values":["gout",null]}},"count":2,"#
        + #""edits":{"records":["000000000000abcd00000001:42"],"rows":[1]},"first":513,"kind":"origins","#
        + #""place":{"byte":4000,"lengths":[10,12],"line":513},"placeholders":{"rows":[1],"values":["<noinput>"]},"v":1}"#
    )
    #expect(String(utf8: builder.finish()) == #"{"columns":{},"count":0,"first":515,"kind":"origins","v":1}"#)
  }

  @Test(
    "lists that cannot be right are refused",
    arguments: [
      "", "{", "[]",
      #"{"columns":{},"count":99999999,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":-1,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":1,"first":0,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","v":2}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","v":1,"x":1}"#,
      #"{"columns":{"a":{"values":[1]}},"count":2,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"values":[]}},"count":0,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[],"values":[]}},"count":2,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[2],"values":[1]}},"count":2,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[1,1],"values":[1,1]}},"count":4,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[1,0],"values":[1,1]}},"count":4,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[-1],"values":[1]}},"count":4,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[9007199254740993],"values":[1]}},"count":4,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[0,1],"values":[1,1]}},"count":2,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"rows":[0],"values":[1,2]}},"count":3,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"b":{"values":[1]},"a":{"values":[1]}},"count":1,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"values":[1]},"a":{"values":[1]}},"count":1,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"values":[01]}},"count":1,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{"a":{"values":[ 1]}},"count":1,"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":1,"edits":{"records":["abc:1"]},"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":1,"edits":{"records":[1]},"first":1,"kind":"origins","v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","place":{"byte":-1,"lengths":[1],"line":1},"v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","place":{"byte":0,"lengths":[1,2],"line":1},"v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","place":{"byte":0,"lengths":[1],"line":0},"v":1}"#,
      #"{"columns":{},"count":2,"first":1,"kind":"origins","place":{"byte":0,"gap":-9,"lengths":[1,1],"line":1},"v":1}"#,
      #"{"columns":{},"count":2,"first":1,"kind":"origins","place":{"byte":0,"lengths":[1,1],"line":1,"lines":[]},"v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","placeholders":{"values":["x"]},"v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","placeholders":{"rows":[0],"values":[1]},"v":1}"#,
      #"{"columns":{},"count":1,"first":1,"kind":"origins","v":1,"verbatim":{"rows":[1],"values":["x"]}}"#,
    ])
  func refused(text: String) {
    #expect(throws: ObjectFormatError.self) { try OriginsChunk(parsing: Array(text.utf8)) }
  }

  @Test("nesting is bounded")
  func nesting() throws {
    func chunk(_ depth: Int) -> [UInt8] {
      let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return Array(
        #"{"columns":{"a":{"values":[\#(value)]}},"count":1,"first":1,"kind":"origins","v":1}"#.utf8)
    }
    #expect(try OriginsChunk(parsing: chunk(60)).count == 1)
    #expect(throws: ObjectFormatError.self) { try OriginsChunk(parsing: chunk(100_000)) }
  }

  @Test("random damage is refused or harmless")
  func damage() throws {
    var random = SplitMix64(seed: 9)
    var builder = OriginsBuilder(first: 1)
    for row in Self.rows(&random, count: 6) { Self.append(row, to: &builder) }
    let intact = builder.finish()
    for _ in 0..<600 {
      var bytes = intact
      let position = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: position)
      default: bytes.insert(contentsOf: "9,".utf8, at: position)
      }
      guard let chunk = try? OriginsChunk(parsing: bytes) else { continue }
      for offset in 0..<chunk.count { _ = try? chunk.row(at: offset) }
    }
  }

  @Test("rows whose columns never repeat cost no quadratic time")
  func manyColumns() throws {
    var builder = OriginsBuilder(first: 1)
    for row in 0..<20 {
      builder.appendRow()
      for column in 0..<500 { builder.column("c\(row).\(column)".utf8, value: "1".utf8) }
    }
    #expect(try OriginsChunk(parsing: builder.finish()).columnNames.count == 10_000)
  }

  @Test(
    "written record ids read back",
    arguments: [
      ("0123456789abcdef01234567:1", true), ("0123456789abcdef01234567:4294967295", true),
      ("0123456789abcdef01234567:4294967296", false), ("0123456789abcdef01234567:0", false),
      ("0123456789abcdef01234567:01", false), ("0123456789abcdef01234567:", false),
      ("0123456789ABCDEF01234567:1", false), ("0123456789abcdef0123456:11", false),
      ("0123456789abcdef01234567:1x", false), ("", false),
    ])
  func recordID(text: String, valid: Bool) {
    #expect(RecordID(text)?.description == (valid ? text : nil))
  }
}
