/// Turns texts into ids of their tokens.
///
/// One encoder's ids can be compared with each other, whatever the texts; those of two encoders cannot.
public struct TokenEncoder: Sendable {
  /// The tokenizer of all texts.
  public let tokenizer: TokenizerName
  /// The tokens so far.
  public private(set) var lexicon: Lexicon
  /// Segments of `unicode-v1` that were folded before, and the id of each one's token.
  private var spellings = Lexicon()
  private var spelled: [UInt32?] = []
  private let segments = WordSegments(.separate)
  private var scratch: [UInt8] = []
  private var ids: [UInt32] = []

  /// An encoder.
  /// - Parameter lexicon: tokens that keep their ids.
  public init(_ tokenizer: TokenizerName, lexicon: Lexicon = Lexicon()) {
    self.tokenizer = tokenizer
    self.lexicon = lexicon
  }

  /// Adds a text's tokens, in their order, as one item.
  public mutating func append(_ text: String, to lists: inout TokenLists) {
    var text = text
    text.withUTF8 { append($0, to: &lists) }
  }

  /// Adds a text's tokens, in their order, as one item.
  /// - Parameter text: UTF-8. Bytes that are none separate tokens.
  public mutating func append(_ text: UnsafeBufferPointer<UInt8>, to lists: inout TokenLists) {
    ids.removeAll(keepingCapacity: true)
    scan(text)
    lists.append(ids)
  }

  private mutating func scan(_ text: UnsafeBufferPointer<UInt8>) {
    var scratch: [UInt8] = []
    swap(&scratch, &self.scratch)
    switch tokenizer.resolved(for: text) {
    case .rouge: RougeTokens.scan(text, scratch: &scratch, into: &self)
    case .unicode, .auto: UnicodeTokens.scan(text, by: segments, scratch: &scratch, into: &self)
    }
    swap(&scratch, &self.scratch)
  }
}

extension TokenEncoder: TokenSink {
  @inline(__always)
  mutating func take(_ word: UInt64, count: Int) { ids.append(lexicon.id(of: word, count: count)) }

  mutating func take(run: UnsafeBufferPointer<UInt8>) { ids.append(lexicon.id(ofRun: run)) }

  mutating func take(_ token: UnsafeBufferPointer<UInt8>) { ids.append(lexicon.id(of: token)) }

  mutating func fold(_ segment: UnsafeBufferPointer<UInt8>) {
    let spelling = Int(spellings.id(of: segment))
    if spelling == spelled.count {
      let token = TokenFolding.token(of: segment)
      spelled.append(token.isEmpty ? nil : token.withUnsafeBufferPointer { lexicon.id(of: $0) })
    }
    if let id = spelled[spelling] { ids.append(id) }
  }
}

extension TokenizerName {
  /// A text's tokens, in their order.
  public func tokens(of text: String) -> [String] {
    var encoder = TokenEncoder(self)
    var lists = TokenLists()
    encoder.append(text, to: &lists)
    return lists[0].map { String(decoding: encoder.lexicon[$0], as: UTF8.self) }
  }
}
