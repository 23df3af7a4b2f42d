/// A token that is found in the text before the model sees it: special tokens such as `<|endoftext|>`.
struct AddedToken: Sendable, Equatable {
  /// Its text.
  var content: String
  /// Its id.
  var id: Int32
  /// Not matched inside of a word.
  var singleWord: Bool
  /// Swallows the whitespace before it.
  var stripsLeft: Bool
  /// Swallows the whitespace after it.
  var stripsRight: Bool
  /// Searched in the normalised text, after the tokens that are searched in the text as given.
  var isNormalized: Bool
  /// Left out of a decoded text on request.
  var isSpecial: Bool
}

/// Finds added tokens in a text: at each place the longest, from left to right.
///
/// Source: `AddedVocabulary` of Hugging Face tokenizers.
struct AddedTokenFinder: Sendable {
  /// A part of the text: an added token, or text for the model.
  enum Part: Equatable {
    case token(Int32)
    case text(Range<Int>)
  }

  private let tokens: [AddedToken]
  /// A byte trie, one node a row: `children[node * 256 + byte]` is the next node, or 0.
  private var children: [Int32]
  /// The index into `tokens` that ends in a node, or −1.
  private var endings: [Int32] = [-1]

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    children = [Int32](repeating: 0, count: 256)
    for (index, token) in tokens.enumerated() where !token.content.isEmpty {
      var node = 0
      for byte in token.content.utf8 {
        if children[node * 256 + Int(byte)] == 0 {
          children[node * 256 + Int(byte)] = Int32(endings.count)
          endings.append(-1)
          children.append(contentsOf: repeatElement(0, count: 256))
        }
        node = Int(children[node * 256 + Int(byte)])
      }
      endings[node] = Int32(index)
    }
  }

  /// Whether there is nothing to find.
  var isEmpty: Bool { endings.count == 1 }

  /// Cuts valid UTF-8 into parts; empty text gives none.
  func parts(of text: UnsafeBufferPointer<UInt8>) -> [Part] {
    guard !isEmpty else { return text.isEmpty ? [] : [.text(0..<text.count)] }
    var parts: [Part] = []
    var done = 0
    var position = 0
    while position < text.count {
      guard let (index, matchEnd) = longest(in: text, at: position) else {
        position += 1
        continue
      }
      let token = tokens[index]
      var start = position
      var end = matchEnd
      position = matchEnd
      if token.singleWord, endsWithWord(text, start) || beginsWithWord(text, end) { continue }
      if token.stripsLeft { start = max(spaceStart(text, before: start), done) }
      if token.stripsRight { end = spaceEnd(text, from: end) }
      if done < start { parts.append(.text(done..<start)) }
      parts.append(.token(token.id))
      done = end
    }
    if done < text.count { parts.append(.text(done..<text.count)) }
    return parts
  }

  private func longest(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (index: Int, end: Int)? {
    var node = 0
    var position = start
    var found: (Int, Int)?
    while position < text.count {
      node = Int(children[node * 256 + Int(text[position])])
      if node == 0 { break }
      position += 1
      if endings[node] >= 0 { found = (Int(endings[node]), position) }
    }
    return found
  }

  private func scalar(_ text: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> (Unicode.Scalar, start: Int) {
    var start = end - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    return (scalar(text, at: start).0, start)
  }

  private func scalar(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (Unicode.Scalar, next: Int) {
    let byte = text[start]
    return byte < 0x80 ? (Unicode.Scalar(byte), start + 1) : ScalarClass.decode(text, at: start)
  }

  private func endsWithWord(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Bool {
    end > 0 && isWord(scalar(text, endingAt: end).0)
  }

  private func beginsWithWord(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    start < text.count && isWord(scalar(text, at: start).0)
  }

  private func spaceStart(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var start = end
    while start > 0 {
      let (last, place) = scalar(text, endingAt: start)
      guard last.properties.isWhitespace else { break }
      start = place
    }
    return start
  }

  private func spaceEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count {
      let (first, next) = scalar(text, at: end)
      guard first.properties.isWhitespace else { break }
      end = next
    }
    return end
  }

  /// `\w` of UTS #18.
  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }
}
