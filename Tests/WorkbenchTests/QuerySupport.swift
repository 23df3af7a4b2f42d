import Foundation

@testable import Workbench

extension Workshop {
  /// All rows of a query, as text; null is `-`.
  func ask(_ sql: String, at revision: String = "HEAD", isShort: Bool = false) throws -> [[String]] {
    var rows: [[String]] = []
    _ = try QueryRequest(.given(sql), revision: revision, isShort: isShort).run(
      in: session, begin: { _ in },
      each: { row in
        rows.append(
          row.map { cell in
            switch cell {
            case .null: "-"
            case .integer(let number): "\(number)"
            case .real(let number): "\(number)"
            case .text(let text): text
            case .blob(let bytes): "\(bytes)"
            }
          })
        return true
      })
    return rows
  }

  func find(_ words: String, at revision: String = "HEAD", field: String? = nil, limit: Int = 1_000) throws
    -> SearchResult
  {
    try SearchRequest(words, revision: revision, field: field, limit: limit).run(in: session)
  }

  func tag(_ name: String) throws {
    _ = try NamesRequest(.tag, action: .create(name, at: "HEAD")).run(in: session)
  }

  /// Two batches with edits, removals and equal pairs: `v1` is the first commit, `v2` the last.
  static func edited() throws -> Workshop {
    let workshop = try Workshop()
    let topics = ["heart", "lung", "skin"]
    var rows = (1...40).map { number -> [String: String] in
      [
        "id": "r\(number)", "instruction": "Task \(number)", "output": "Answer \(number % 30)",
        "topic": topics[number % 3],
      ]
    }
    for place in rows.indices where place % 4 == 0 { rows[place]["input"] = "Input \(place)" }
    try workshop.write("a.jsonl", lines(rows))
    try workshop.commit("a.jsonl")
    try workshop.tag("v1")
    let equal = (1...10).map { number in
      [
        "id": "s\(number)", "instruction": "Task 7", "output": "Answer 7", "topic": "bone",
        "size": "\(number)",
      ]
    }
    try workshop.write("b.jsonl", lines(equal))
    try workshop.commit("b.jsonl", at: 60)
    rows[2]["output"] = "Edited answer"
    rows[5]["topic"] = "edited topic"
    try workshop.write("fix.jsonl", lines([rows[2], rows[5]]))
    try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"), at: 120)
    try workshop.tag("v2")
    return workshop
  }
}
