import Curation
import Foundation
import Records

/// Lists to measure with, and how their words are spelled.
struct Input {
  private let name: String

  init(_ name: String) { self.name = name }

  func lists() throws -> (TokenLists, [[UInt8]]) {
    if let count = Int(name) {
      var generator = InstructionGenerator(seed: 1)
      return intern(generator.lists(count).map { $0.map { Array("w\($0)".utf8) } })
    }
    var lines = try Data(contentsOf: URL(fileURLWithPath: name)).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return intern(try lines.map { words(try text($0)) })
  }

  private func text(_ line: Data) throws -> [UInt8] {
    guard line.first == UInt8(ascii: "{") else { return Array(line) }
    return Array((try JSON.parse(Array(line))["instruction"]?.string ?? "").utf8)
  }

  /// Words of ASCII letters and digits: enough to measure with, not rouge-score's tokenizer.
  private func words(_ text: [UInt8]) -> [[UInt8]] {
    text.split { !(48...57).contains($0) && !(97...122).contains($0 | 0x20) }.map { word in
      word.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    }
  }

  /// Numbers words as they appear.
  private func intern(_ texts: [[[UInt8]]]) -> (TokenLists, [[UInt8]]) {
    var ids: [[UInt8]: UInt32] = [:]
    var spellings: [[UInt8]] = []
    var lists = TokenLists()
    for text in texts {
      lists.append(
        text.map { word in
          if let id = ids[word] { return id }
          let id = UInt32(spellings.count)
          ids[word] = id
          spellings.append(word)
          return id
        })
    }
    return (lists, spellings)
  }
}
