import Curation

extension FuzzTarget {
  /// Any bytes as a text, cut in two by the first zero byte.
  ///
  /// Tokens follow from the text alone, whatever an encoder saw before; those of two texts with a line's end between are
  /// those of one and then of the other; those of well-formed text are well-formed.
  static let tokenEncoder = FuzzTarget("token-encoder", longest: 2048) { input in
    let cut = input.firstIndex(of: 0) ?? input.count
    let (one, other) = (Array(input[..<cut]), Array(input[min(cut + 1, input.count)...]))
    for tokenizer in TokenizerName.allCases {
      var warm = TokenEncoder(tokenizer)
      let first = spell(one, &warm)
      let second = spell(other, &warm)
      try promise(spell(one, &warm) == first, "\(tokenizer): a second time there are other tokens")
      var fresh = TokenEncoder(tokenizer)
      try promise(spell(other, &fresh) == second, "\(tokenizer): tokens depend on the text before")
      try promise(!(first + second).contains([]), "\(tokenizer): an empty token")
      let resolved = one.withUnsafeBufferPointer { tokenizer.resolved(for: $0) }
      var own = TokenEncoder(resolved)
      try promise(spell(one, &own) == first, "\(tokenizer): not the tokens of \(resolved)")
      for token in first {
        let id = token.withUnsafeBufferPointer { warm.lexicon.existingID(of: $0) }
        try promise(id.map { Array(warm.lexicon[$0]) } == token, "\(tokenizer): a token that is not found")
      }
      if String(validating: one, as: UTF8.self) != nil {
        try promise(
          first.allSatisfy { String(validating: $0, as: UTF8.self) != nil },
          "\(tokenizer): a token that is no UTF-8 of a text that is")
      }
      if tokenizer != .auto {
        try promise(
          spell(one + [0x0A] + other, &warm) == first + second,
          "\(tokenizer): tokens reach across a line's end")
      }
    }
    return true
  }

  private static func spell(_ text: [UInt8], _ encoder: inout TokenEncoder) -> [[UInt8]] {
    var lists = TokenLists()
    // In an allocation of exactly its length.
    text.withUnsafeBufferPointer { encoder.append($0, to: &lists) }
    return lists[0].map { Array(encoder.lexicon[$0]) }
  }
}
