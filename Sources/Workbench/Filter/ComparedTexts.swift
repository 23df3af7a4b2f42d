import Curation
import History
import Records

/// What is compared of a pair: its text, and what it must have in common with another.
struct ComparedText: Sendable {
  let text: [UInt8]
  let group: [UInt8]?

  init(of pair: ReadPair, fields: [PairField], groupBy facet: Facet?) throws {
    text = try pair.text(of: fields)
    group = try facet.flatMap(pair.column)
  }
}

/// Texts as lists of tokens, and the numbers of their groups.
struct TokenTexts {
  var lists = TokenLists()
  var groups: [UInt32] = []
}

/// Turns texts into lists of tokens; those of one of these can be compared, whatever list they are in.
struct TextEncoder {
  fileprivate var tokens: TokenEncoder
  private var groups: [[UInt8]?: UInt32] = [:]

  init(_ tokenizer: TokenizerName) { tokens = TokenEncoder(tokenizer) }

  mutating func append(_ text: ComparedText, to texts: inout TokenTexts) {
    text.text.withUnsafeBufferPointer { tokens.append($0, to: &texts.lists) }
    let group = groups[text.group] ?? UInt32(groups.count)
    groups[text.group] = group
    texts.groups.append(group)
  }
}

extension TextEncoder {
  /// The bytes of a token.
  func spelling(of id: UInt32) -> [UInt8] { Array(tokens.lexicon[id]) }

  /// Tokens as text, a space between.
  func text(of ids: some Sequence<UInt32>) -> String {
    ids.map { String(decoding: tokens.lexicon[$0], as: UTF8.self) }.joined(separator: " ")
  }
}
