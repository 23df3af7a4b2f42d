import Testing

@testable import Records

@Suite("CSV reading")
struct CSVReadingTests {
  @Test(
    "delimiter, columns and format are told from the header",
    arguments: [
      ("instruction,output\na;b,c", Format.csv, "a;b", "c"),
      ("instruction;output\na,b;c", .csv, "a,b", "c"),
      ("output\tinstruction\nc\ta,b", .tsv, "a,b", "c"),
      ("prompt,completion\na,c", .csv, "a", "c"),
      ("\"instruction\",\"output\"\r\"a\",\"c\"", .csv, "a", "c"),
      ("\u{FEFF}\n\ninstruction,output\na,c", .csv, "a", "c"),
      ("instruction,output,\"x;y;z;w\"\na,c,d", .csv, "a", "c"),
    ])
  func detection(text: String, format: Format, instruction: String, output: String) throws {
    let imported = try CSVImport(text)
    #expect(imported.layout.format == format)
    #expect(imported.pairs == [Pair(instruction: instruction, output: output)])
    #expect(try imported.exported() == Array(text.utf8))
  }

  @Test("columns under other names")
  func renamed() throws {
    let options = ImportOptions(fields: ["instruction": "question", "output": "answer"])
    let imported = try CSVImport("id,question,answer,output\n7,q,a,old\n", options)
    #expect(imported.pairs == [Pair(instruction: "q", output: "a")])
    #expect(try imported.rows[0].columns.map(\.name) == ["id", "output"])
  }

  @Test("placeholders and empty cells are no inputs")
  func placeholders() throws {
    let imported = try CSVImport("instruction,input,output\na,<noinput>,x\nb,,y\nc,DNA,\n")
    #expect(imported.pairs.map(\.input) == [nil, nil, "DNA"])
    #expect(imported.warnings == ["placeholder-input": 1, "empty-output": 1])
  }

  @Test("a quote inside bare text is text")
  func bareQuotes() throws {
    let text = "instruction,output\n5\" nail,a \"b\" c\nd,e\n"
    let imported = try CSVImport(text)
    #expect(imported.pairs[0] == Pair(instruction: "5\" nail", output: "a \"b\" c"))
    #expect(try imported.exported() == Array(text.utf8))
  }

  @Test(
    "malformed rows are named by line, column and byte",
    arguments: [
      ("a,\"b", "line 2, column 3 (byte 21): a quoted cell begins here and is never closed"),
      (
        "a,\"b\nc\"d\ne,f",
        "line 3, column 3 (byte 26): text follows a closing quote; a quote inside a quoted cell must be doubled"
      ),
      ("a", "line 2, column 2 (byte 20): the row has 1 cell where the header has 2"),
      ("a,b,c", "line 2, column 5 (byte 23): the row has 3 cells where the header has 2"),
      ("a,b\u{0}", "line 2, column 4 (byte 22): strings may not hold the character U+0000"),
      (" ", "line 2, column 2 (byte 20): the row has 1 cell where the header has 2"),
    ])
  func malformed(row: String, message: String) throws {
    func firstFault(_ text: String) -> String {
      do {
        return try CSVImport(text).rejects.first?.description ?? "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(firstFault("instruction,output\n\(row)\n") == message)
  }

  @Test("invalid UTF-8 is named by its byte")
  func invalidUTF8() throws {
    let imported = try CSVImport(Array("instruction,output\na,b".utf8) + [0xC0, 0xAF, 0x0A])
    #expect(imported.rejects.map(\.byte) == [22])
    #expect(imported.rejects[0].reason == "the bytes are not valid UTF-8")
  }

  @Test("malformed rows are left out when asked, and rows stay dense")
  func skipInvalid() throws {
    let body = (1...1100).map { $0 % 100 == 0 ? "broken" : "i\($0),o\($0)" }
    let text = "instruction,output\n" + body.joined(separator: "\n") + "\n"
    let imported = try CSVImport(text, ImportOptions(skipInvalid: true))
    #expect(imported.rejects.count == 11 && imported.pairs.count == 1089)
    #expect(imported.rejects.map(\.line) == (1...11).map { $0 * 100 + 1 })
    #expect(imported.origins.map(\.count) == [512, 512, 65])
    #expect(try imported.rows.map(\.place?.line) == (1...1100).filter { $0 % 100 != 0 }.map { $0 + 1 })
  }

  @Test(
    "headers that cannot be used",
    arguments: [
      (
        "instruction,output,topic,topic\na,b,c,d",
        "line 1, column 26 (byte 25): the header names the column \"topic\" twice; rename one of them"
      ),
      (
        "question,answer\na,b",
        "no known format has these columns: question, answer; say which hold the pair, for example --map instruction=question --map output=answer"
      ),
      ("instruction,output\n", "the file has no rows"),
      ("\n\n", "the file has no rows"),
      (
        "instruction,out\"put\n",
        "no known format has these columns: instruction, out\"put; say which hold the pair, for example --map instruction=question --map output=answer"
      ),
      (
        "\"instruction\"x,output\n",
        "line 1, column 14 (byte 13): text follows a closing quote; a quote inside a quoted cell must be doubled"
      ),
    ])
  func headers(text: String, message: String) {
    let error = #expect(throws: (any Error).self) { try CSVImport(text) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test("an unclosed quote does not read the rest of a large file")
  func unclosedQuote() throws {
    let limits = JSONLimits(depth: 8, keys: 16, stringBytes: 1000, textBytes: 1000)
    var served = 0
    let start = Array("instruction,output\na,b\n\"c,d\n".utf8)
    let error = #expect(throws: ImportFailure.self) {
      var reader = try RowReader(
        source: { buffer in
          let count = min(4096, buffer.count)
          for offset in 0..<count {
            buffer[offset] = served + offset < start.count ? start[served + offset] : 0x61
          }
          served += count
          return count
        }, options: ImportOptions(limits: limits))
      while try reader.nextChunk() != nil {}
    }
    #expect(error?.description == "line 3, column 1 (byte 23): a quoted cell begins here and is never closed")
    #expect(served < 1 << 20)
  }

  @Test("random bytes are refused or come back as they were")
  func randomBytes() throws {
    var random = SplitMix64(seed: 4)
    let alphabet: [UInt8] = Array("ab\"\",,;\n\r\t".utf8) + [0, 0xC3, 0xA9, 0xFF]
    for _ in 0..<400 {
      let body = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      let source = Array("instruction,output\n".utf8) + body
      guard let imported = try? CSVImport(source), imported.rejects.isEmpty else { continue }
      #expect(try imported.exported() == source)
    }
  }
}
