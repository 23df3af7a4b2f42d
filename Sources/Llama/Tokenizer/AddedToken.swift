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

  /// In the order of their bytes, so that the tokens that begin alike are neighbours and the shorter comes first.
  private let tokens: [AddedToken]
  private let contents: [[UInt8]]
  /// The tokens that begin with each byte.
  private let places: [Range<Int>]

  init(_ tokens: [AddedToken]) {
    let sorted = tokens.filter { !$0.content.isEmpty }.map { (Array($0.content.utf8), $0) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    self.tokens = sorted.map(\.1)
    contents = sorted.map(\.0)
    var places = [Range<Int>](repeating: 0..<0, count: 256)
    for (index, content) in contents.enumerated() {
      let first = Int(content[0])
      places[first] = (places[first].isEmpty ? index : places[first].lowerBound)..<(index + 1)
    }
    self.places = places
  }

  /// Whether there is nothing to find.
  var isEmpty: Bool { tokens.isEmpty }

  /// Cuts valid UTF-8 into parts; empty text gives none. Special tokens are text unless `findsSpecial`.
  func parts(of text: UnsafeBufferPointer<UInt8>, findsSpecial: Bool = true) -> [Part] {
    guard !isEmpty else { return text.isEmpty ? [] : [.text(0..<text.count)] }
    var parts: [Part] = []
    var done = 0
    var position = 0
    while position < text.count {
      guard !places[Int(text[position])].isEmpty, let (index, matchEnd) = longest(in: text, at: position)
      else {
        position += 1
        continue
      }
      let token = tokens[index]
      var start = position
      var end = matchEnd
      position = matchEnd
      if token.isSpecial, !findsSpecial { continue }
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
    var range = places[Int(text[start])]
    var depth = 1
    var found: (Int, Int)?
    while true {
      // Equal contents are possible; the reference keeps the last.
      while !range.isEmpty, contents[range.lowerBound].count == depth {
        found = (range.lowerBound, start + depth)
        range = (range.lowerBound + 1)..<range.upperBound
      }
      guard !range.isEmpty, start + depth < text.count else { return found }
      let byte = text[start + depth]
      let lower = firstPlace(in: range) { contents[$0][depth] >= byte }
      range = lower..<firstPlace(in: lower..<range.upperBound) { contents[$0][depth] > byte }
      depth += 1
    }
  }

  /// The first place for which `holds` is true, as it is for all that follow; the end when there is none.
  private func firstPlace(in range: Range<Int>, _ holds: (Int) -> Bool) -> Int {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper {
      let middle = lower + (upper - lower) / 2
      if holds(middle) { upper = middle } else { lower = middle + 1 }
    }
    return lower
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
