import Foundation
import Records
import Testing

@testable import History

@Suite struct KeyPagesTests {
  static let rows = (1...UInt32(20_000)).map { row in
    (hash: KeyHash.of(Array("\"key-\(row)\"".utf8)), row: row)
  }

  @Test func `every row is found on its page, and few others`() throws {
    let pages = KeyPages(Self.rows)
    #expect(pages.bits == 7 && pages.pages.count == 128)
    var strangers = 0
    for row in Self.rows {
      let found = try #require(
        KeyPages.rows(with: row.hash, in: pages.pages[KeyPages.page(of: row.hash, bits: pages.bits)]))
      #expect(found.contains(row.row))
      strangers += found.count - 1
    }
    #expect(strangers < 4)
  }

  @Test func `equal hashes share a page, and no rows make one empty page`() {
    let same = KeyPages((1...300).map { (hash: UInt64(5), row: UInt32($0)) })
    #expect(KeyPages.rows(with: 5, in: same.pages[0])?.count == 300)
    #expect(KeyPages([(hash: UInt64, row: UInt32)]()).pages == [Data()])
    #expect(KeyPages.rows(with: 1, in: Data([1, 2, 3])) == nil)
  }

  @Test func `a hash depends on every byte and on the length`() {
    var seen: Set<UInt64> = []
    for length in 0..<40 {
      let zeroes = [UInt8](repeating: 0, count: length)
      #expect(seen.insert(KeyHash.of(zeroes)).inserted)
      for position in 0..<length {
        var other = zeroes
        other[position] = 1
        #expect(seen.insert(KeyHash.of(other)).inserted)
      }
    }
  }

  @Test func `columns that repeat, are absent or are long name no rows`() throws {
    func chunk(_ first: Int, _ topic: (Int) -> String?) throws -> ChunkKeys {
      var builder = OriginsBuilder(first: first)
      for row in first..<first + 4 {
        builder.appendRow()
        for (name, value) in [
          ("id", "\"\(row)\""), ("long", "\"\(String(repeating: "x", count: 200))\(row)\""),
          ("topic", topic(row).map { "\"\($0)\"" } ?? ""),
        ] where !value.isEmpty {
          builder.column(Array(name.utf8), value: Array(value.utf8))
        }
      }
      return ChunkKeys(try OriginsChunk(parsing: builder.finish()))
    }
    var keys = BatchKeys()
    keys.append(try chunk(1) { "t\($0)" })
    #expect(keys.columns.map { String(decoding: $0.name, as: UTF8.self) } == ["id", "topic"])
    keys.append(try chunk(5) { $0 == 6 ? nil : "t\($0)" })
    #expect(keys.columns.map { String(decoding: $0.name, as: UTF8.self) } == ["id"])
    #expect(keys.columns[0].hashes == (1...8).map { KeyHash.of(Array("\"\($0)\"".utf8)) })
    #expect(try chunk(1) { _ in "same" }.columns.count == 1)
  }
}
