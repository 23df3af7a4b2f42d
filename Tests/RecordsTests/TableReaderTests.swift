import Testing

@testable import Records

/// Rows whose columns are looked at by name, in every spelling, with their places.
@Suite struct TableReaderTests {
  /// The rows of a text that is read a few bytes at a time.
  private func rows(_ text: String, step: Int = 7) throws -> [(line: Int, members: [String])] {
    let bytes = Array(text.utf8)
    var position = 0
    var reader = try TableReader { buffer in
      let count = min(step, buffer.count, bytes.count - position)
      bytes[position..<position + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
      position += count
      return count
    }
    var found: [(line: Int, members: [String])] = []
    while let chunk = try reader.nextChunk() {
      for row in try reader.decoder.decode(chunk) {
        let place = row.place
        #expect(place.byte + place.length <= bytes.count && place.length > 0)
        found.append(
          (
            place.line,
            row.members.map {
              "\($0.name)=\(String(decoding: CanonicalJSON.encode($0.value), as: UTF8.self))"
            }
          ))
      }
    }
    return found
  }

  @Test func everySpelling() throws {
    let wanted = [#"a="x""#, "b=1"]
    for text in [
      "{\"a\":\"x\",\"b\":1}\n", "\u{FEFF}\n {\"a\":\"x\",\"b\":1}", "[{\"a\":\"x\",\"b\":1}]",
      "[\n{\"a\":\"x\", \"b\":1.0}\n]\n",
    ] {
      #expect(try rows(text).map(\.members) == [wanted], "\(text)")
    }
    for text in ["a,b\nx,1\n", "a;b\r\nx;1\r\n", "a\tb\nx\t1", "\"a\",b\n\"x\",\"1\"\n"] {
      #expect(try rows(text).map(\.members) == [[#"a="x""#, #"b="1""#]], "\(text)")
    }
    // Of several delimiters the one that gives the most columns, also in a file with one row.
    #expect(try rows("a,b;c;d\n1;2;3\n").map(\.members) == [[#"a,b="1""#, #"c="2""#, #"d="3""#]])
    #expect(try rows("a\n1\n\n2\n").map(\.line) == [2, 4])
    #expect(try rows("[]").isEmpty)
  }

  @Test func manyChunks() throws {
    let lines = (1...1300).map { "{\"n\":\($0)}" }
    let found = try rows(lines.joined(separator: "\n"), step: 1 << 16)
    #expect(found.map(\.line) == Array(1...1300))
    #expect(found.map { $0.members[0] } == (1...1300).map { "n=\($0)" })
  }

  @Test func whatIsNoTable() {
    func reason(_ text: String) -> String {
      do {
        _ = try rows(text)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(reason("").contains("no rows"))
    #expect(reason("{\"a\":1}\n{\n").hasPrefix("line 2"))
    #expect(reason("{\"a\":1}\n7\n").contains("must be a JSON object"))
    #expect(reason("{\"a\":1,\"a\":2}\n").contains("line 1"))
    #expect(reason("[{\"a\":1}").contains("line 1"))
    #expect(reason("a,a\n1,2\n").contains("twice"))
    #expect(reason("a,b\n1\n").contains("line 2"))
    #expect(reason("a,b\n\"1,2\n").contains("never closed"))
    #expect(reason("a,b\n\u{0},2\n").contains("line 2"))
  }
}
