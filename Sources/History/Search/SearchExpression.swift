/// What full text search is asked for: words, phrases and prefixes, joined by AND, OR and NOT.
///
///     words   = or
///     or      = and { "OR" and }
///     and     = not { [ "AND" ] not }
///     not     = item { "NOT" item }
///     item    = "(" or ")" | text [ "*" ]
///     text    = a word, or words between double quotes, which stand in this order
///
/// A word is split as the index splits texts, so `blood-pressure` finds the two words side by side.
public struct SearchExpression: Sendable {
  /// Why a text is no expression.
  public struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The reason, without a full stop.
    public let reason: String
    /// The character at which it was noticed, from 1.
    public let column: Int

    /// One sentence for the user.
    public var description: String { "\(reason) (character \(column))" }
  }

  /// In the language of FTS5: every word quoted, every group in parentheses.
  let match: String

  /// The most words and phrases, and the most parentheses one inside the other.
  private static let mostTexts = 64
  private static let mostDepth = 16

  /// Reads an expression. With `field` it is looked for in one field only.
  public init(_ text: String, field: SearchField? = nil) throws(Malformed) {
    var parser = Parser(tokens: try Self.tokens(text), end: text.unicodeScalars.count + 1)
    let expression = try parser.or(depth: 0)
    if let rest = parser.peek {
      throw Malformed(reason: "`)` closes nothing", column: rest.column)
    }
    match = field.map { "{\($0.rawValue)} : (\(expression))" } ?? expression
  }

  private struct Token {
    enum Kind: Equatable {
      case open, close, and, or, not
      case text(String, isPrefix: Bool)
    }

    let kind: Kind
    let column: Int

    var isText: Bool { if case .text = kind { true } else { false } }
  }

  private static func tokens(_ text: String) throws(Malformed) -> [Token] {
    var tokens: [Token] = []
    // By code points: to a `String` a quote with an accent is another character.
    let characters = Array(text.unicodeScalars)
    var place = 0
    func isEnd(_ character: Unicode.Scalar) -> Bool {
      character.properties.isWhitespace || character == "(" || character == ")" || character == "\""
    }
    while place < characters.count {
      let begin = place
      let character = characters[place]
      place += 1
      if character.properties.isWhitespace { continue }
      if character == "(" || character == ")" {
        tokens.append(Token(kind: character == "(" ? .open : .close, column: begin + 1))
        continue
      }
      var word: ArraySlice<Unicode.Scalar>
      let isPrefix: Bool
      if character == "\"" {
        guard let end = characters[place...].firstIndex(of: "\"") else {
          throw Malformed(reason: "a phrase has no second quote", column: begin + 1)
        }
        word = characters[place..<end]
        place = end + 1
        isPrefix = place < characters.count && characters[place] == "*"
        if isPrefix { place += 1 }
      } else {
        let end = characters[place...].firstIndex(where: isEnd) ?? characters.count
        word = characters[begin..<end]
        place = end
        let operators: [(String, Token.Kind)] = [("AND", .and), ("OR", .or), ("NOT", .not)]
        if let known = operators.first(where: { word.elementsEqual($0.0.unicodeScalars) }) {
          tokens.append(Token(kind: known.1, column: begin + 1))
          continue
        }
        isPrefix = word.last == "*"
        if isPrefix { word.removeLast() }
      }
      let shown = String(String.UnicodeScalarView(word))
      guard word.contains(where: isWordPart), !word.contains("\0") else {
        throw Malformed(reason: "`\(shown)` has no letter and no digit to look for", column: begin + 1)
      }
      tokens.append(Token(kind: .text(shown, isPrefix: isPrefix), column: begin + 1))
    }
    guard tokens.count(where: \.isText) <= mostTexts else {
      throw Malformed(reason: "there are more than \(mostTexts) words", column: text.unicodeScalars.count + 1)
    }
    return tokens
  }

  /// What the tokenizer `unicode61` takes as part of a word.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber, .privateUse:
      true
    default: false
    }
  }

  private struct Parser {
    var tokens: ArraySlice<Token>
    let end: Int

    init(tokens: [Token], end: Int) {
      self.tokens = tokens[...]
      self.end = end
    }

    var peek: Token? { tokens.first }

    mutating func or(depth: Int) throws(Malformed) -> String {
      var parts = [try and(depth: depth)]
      while peek?.kind == .or {
        tokens.removeFirst()
        parts.append(try and(depth: depth))
      }
      return parts.joined(separator: " OR ")
    }

    private mutating func and(depth: Int) throws(Malformed) -> String {
      var parts = [try not(depth: depth)]
      while let next = peek, next.kind != .or, next.kind != .close {
        if next.kind == .and { tokens.removeFirst() }
        parts.append(try not(depth: depth))
      }
      return parts.joined(separator: " AND ")
    }

    private mutating func not(depth: Int) throws(Malformed) -> String {
      var text = try item(depth: depth)
      while peek?.kind == .not {
        tokens.removeFirst()
        text = "\(text) NOT \(try item(depth: depth))"
      }
      return text
    }

    private mutating func item(depth: Int) throws(Malformed) -> String {
      guard let token = tokens.popFirst() else {
        throw Malformed(reason: "a word is missing at the end", column: end)
      }
      switch token.kind {
      case .text(let text, let isPrefix):
        // A word has no quote in it: it ends there.
        return "\"\(text)\"\(isPrefix ? " *" : "")"
      case .open:
        guard depth < mostDepth else {
          throw Malformed(reason: "there are too many parentheses", column: token.column)
        }
        let inner = try or(depth: depth + 1)
        guard peek?.kind == .close else { throw Malformed(reason: "`(` is not closed", column: token.column) }
        tokens.removeFirst()
        return "(\(inner))"
      case .close: throw Malformed(reason: "a word is missing before `)`", column: token.column)
      case .and: throw Malformed(reason: "a word is missing before `AND`", column: token.column)
      case .or: throw Malformed(reason: "a word is missing before `OR`", column: token.column)
      case .not:
        throw Malformed(
          reason: "`NOT` stands after what is looked for, as in `fever NOT child`", column: token.column)
      }
    }
  }
}

/// A field of a pair that can be searched.
public enum SearchField: String, CaseIterable, Sendable {
  case instruction, input, output, system, turns
}
