import GRDB
import Objects
import Records

/// A pair in which what was looked for is really found.
public struct SearchSnippet: Sendable {
  /// A piece of the text.
  public struct Piece: Sendable, Equatable {
    /// The text.
    public let text: String
    /// Whether it is what was looked for.
    public let isMatch: Bool
  }

  /// The field.
  public let field: SearchField
  /// A part of it around the match, in order.
  public let pieces: [Piece]
}

/// Looks for an expression in one pair at a time, in a table in memory that cuts texts into words as the index does.
final class SearchProbe {
  private let queue: DatabaseQueue
  private let match: String

  /// Words of a field that a snippet shows.
  private static let words = 24

  /// - Throws: what SQLite says when the expression is none to it, which would be a defect.
  init(_ expression: SearchExpression) throws {
    match = expression.match
    queue = try DatabaseQueue()
    try queue.write { database in
      try database.execute(
        sql:
          "CREATE VIRTUAL TABLE probe USING fts5(\(SearchSchema.fields), tokenize='\(SearchSchema.tokenizer)')"
      )
      // What FTS5 does not understand must not look like damage of the index, which would be built again.
      _ = try Int.fetchOne(database, sql: "SELECT 1 FROM probe WHERE probe MATCH ?", arguments: [match])
    }
  }

  /// The fields of a pair in which the expression is found, with their snippets; nil when the pair does not match.
  func snippets(_ texts: SearchTexts) throws -> [SearchSnippet]? {
    let (open, close) = Self.marks(for: texts)
    return try queue.write { database in
      let values = texts.fields.map { text in text.map { $0.databaseValue } ?? .null }
      try database.execute(sql: "DELETE FROM probe")
      let places = String(repeating: ", ?", count: values.count).dropFirst(2)
      try database.execute(
        sql: "INSERT INTO probe (\(SearchSchema.fields)) VALUES (\(places))",
        arguments: StatementArguments(values))
      let columns = SearchField.allCases.indices.map { "snippet(probe, \($0), ?1, ?2, '…', \(Self.words))" }
      let row = try Row.fetchOne(
        database, sql: "SELECT \(columns.joined(separator: ", ")) FROM probe WHERE probe MATCH ?3",
        arguments: [String(open), String(close), match])
      guard let row else { return nil }
      return try SearchField.allCases.enumerated().compactMap { place, field in
        let text: String? = try row.decode(atIndex: place)
        guard let text, text.unicodeScalars.contains(open) else { return nil }
        return SearchSnippet(field: field, pieces: Self.pieces(text, open, close))
      }
    }
  }

  /// Two characters to mark matches with, which the texts do not have: of the code points that Unicode leaves to
  /// programs for such uses (U+FDD0 to U+FDEF).
  private static func marks(for texts: SearchTexts) -> (Unicode.Scalar, Unicode.Scalar) {
    let used = Set(
      texts.fields.compactMap { $0 }.flatMap {
        $0.unicodeScalars.filter { (0xFDD0...0xFDEF).contains($0.value) }
      })
    let free = (0xFDD0...0xFDEF).compactMap { Unicode.Scalar($0 as UInt32) }.filter { !used.contains($0) }
    return free.count >= 2 ? (free[0], free[1]) : ("\u{1}", "\u{2}")
  }

  private static func pieces(_ text: String, _ open: Unicode.Scalar, _ close: Unicode.Scalar)
    -> [SearchSnippet.Piece]
  {
    var pieces: [SearchSnippet.Piece] = []
    var current = String.UnicodeScalarView()
    var isMatch = false
    func add() {
      if !current.isEmpty { pieces.append(SearchSnippet.Piece(text: String(current), isMatch: isMatch)) }
      current = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      if scalar == open || scalar == close {
        add()
        isMatch = scalar == open
      } else {
        current.append(scalar)
      }
    }
    add()
    return pieces
  }
}
