import Testing

@testable import Records

@Suite("Hostile files")
struct FormatsHostileTests {
  static let good = #"{"instruction":"a","output":"b"}"#
  private let limits = JSONLimits(depth: 64, keys: 100, stringBytes: 1000, textBytes: 10_000)

  /// Reads an endless source and returns how much was asked of it before it was refused.
  private func endless(_ head: String, _ byte: UInt8) -> (read: Int, failure: (any Error)?) {
    var read = 0
    var head = Array(head.utf8)
    do {
      var reader = try RowReader(
        source: { buffer in
          buffer.initializeMemory(as: UInt8.self, repeating: byte)
          for (offset, byte) in head.prefix(buffer.count).enumerated() { buffer[offset] = byte }
          head.removeFirst(min(head.count, buffer.count))
          read += buffer.count
          return buffer.count
        }, options: ImportOptions(limits: limits))
      while try reader.nextChunk() != nil, read < 1 << 28 {}
    } catch { return (read, error) }
    return (read, nil)
  }

  static let endlessSources: [(String, UInt8)] = [
    ("", UInt8(ascii: "{")), ("{\"instruction\":\"", UInt8(ascii: "x")), ("[", UInt8(ascii: "[")),
    ("[", UInt8(ascii: " ")),
    ("[{\"instruction\":\"", UInt8(ascii: "x")), ("[" + good + ",", UInt8(ascii: " ")),
    ("[" + good, UInt8(ascii: "\n")),
    (good + "\n", UInt8(ascii: " ")), (good + "\n", 0), ("[1", UInt8(ascii: "1")),
  ]

  @Test("a row, a gap or a value without end is refused after a bounded read", arguments: endlessSources)
  func endlessSource(head: String, byte: UInt8) {
    let (read, failure) = endless(head, byte)
    #expect(failure is ImportFailure)
    #expect(read < 1 << 21)
  }

  @Test("rows over the limits are refused one by one")
  func limitsOfRows() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    let rows = [
      Self.good, "{\"instruction\":\"a\",\"output\":\"b\",\"x\":\(deep)}",
      "{\"instruction\":\"a\",\"output\":\"\(String(repeating: "x", count: 1001))\"}",
      "{\"instruction\":\"a\",\"output\":\"b\"," + (0..<99).map { "\"k\($0)\":1" }.joined(separator: ",")
        + "}",
      "{\"instruction\":\"a\",\"output\":\"b\",\"x\":\"\(String(repeating: "k", count: 1000))\"}",
    ]
    let transfer = try Transfer(Array(rows.joined(separator: "\n").utf8), ImportOptions(limits: limits))
    #expect(transfer.rejects.map(\.line) == [2, 3, 4])
    #expect(
      transfer.rejects.map(\.reason) == [
        "nested deeper than 64 levels", "a string longer than 1000 bytes",
        "an object with more than 100 keys",
      ])
    #expect(transfer.rejects.allSatisfy { $0.text.utf8.count <= RejectedRow.longestText })
    #expect(transfer.pairs.count == 2)
  }

  @Test("random damage never traps, and what is read comes back byte for byte", arguments: 0..<4)
  func damage(seed: Int) throws {
    var source = RowSource(random: SplitMix64(seed: UInt64(100 + seed)))
    let writer = ReferenceWriter()
    let rows = (0..<6).map { _ in
      let turns = [("user", source.text()), ("assistant", source.text())].map {
        JSONValue.object([JSONMember("role", .string($0.0)), JSONMember("content", .string($0.1))])
      }
      let flat = [
        JSONMember("instruction", .string(source.text())), JSONMember("output", .string(source.text())),
      ]
      let members = seed % 2 == 0 ? flat : [JSONMember("messages", .array(turns))]
      return writer.text(.object(members + [JSONMember("x", source.value())]))
    }
    let text = seed < 2 ? rows.joined(separator: "\n") : "[" + rows.joined(separator: ", ") + "]"
    let original = Array(text.utf8)
    for _ in 0..<150 {
      var bytes = original
      for _ in 0...Int.random(in: 0..<3, using: &source.random) {
        let place = Int.random(in: 0..<bytes.count, using: &source.random)
        switch Int.random(in: 0..<3, using: &source.random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &source.random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
        default:
          bytes.insert(
            contentsOf: Array("\"{}[],:\\\n ".utf8).shuffled(using: &source.random).prefix(2), at: place)
        }
      }
      do {
        let transfer = try Transfer(bytes)
        if transfer.rejects.isEmpty { #expect(try Array(transfer.exported().utf8) == bytes) }
        for reject in transfer.rejects { #expect(reject.byte >= 0 && reject.byte <= bytes.count) }
      } catch let failure as ImportFailure {
        if case .malformed(let row) = failure { #expect(row.byte >= 0 && row.byte <= bytes.count) }
      }
    }
  }
}
