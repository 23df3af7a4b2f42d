import Records

/// The tokens of a tokenizer.json: the model's and the added ones, with checked ids.
struct TokenTable {
  /// The model's own tokens.
  var modelIDs: [TokenText: Int32]
  /// All tokens.
  var ids: [TokenText: Int32]
  /// The added tokens in the file's order.
  var added: [AddedToken]
  /// The texts by id; nil for a hole in the numbering.
  var texts: [String?]

  init(model: TokenizerMembers, added items: [TokenizerMembers]) throws {
    guard case .object(let members) = model["vocab"] else {
      throw model.malformed("vocab", "is not an object")
    }
    var modelIDs = [TokenText: Int32](minimumCapacity: members.count)
    for member in members {
      guard let id = TokenizerMembers.tokenID(member.value) else {
        throw model.malformed(
          "vocab", "gives \"\(member.name)\" an id that is not a whole number from 0 to 2^24")
      }
      modelIDs[TokenText(member.name)] = id
    }
    guard modelIDs.count == members.count else { throw model.malformed("vocab", "has two equal tokens") }
    self.modelIDs = modelIDs
    ids = modelIDs
    added = try items.map(AddedToken.init)
    var next = Int32(members.count)
    for (token, item) in zip(added, items) {
      // Hugging Face numbers tokens itself, whatever the file says; a file that says otherwise is refused, not guessed.
      let expected = ids[TokenText(token.content)] ?? next
      guard token.id == expected else {
        throw item.malformed(
          "id", "of \"\(token.content)\" is \(token.id), but by its place it would be \(expected)")
      }
      if ids.updateValue(token.id, forKey: TokenText(token.content)) == nil { next = max(next, token.id + 1) }
    }

    let highest = ids.values.max() ?? 0
    // A hole is allowed (some files have them), but not a vocabulary of holes.
    guard ids.count > Int(highest) / 16 else {
      throw model.malformed("vocab", "has ids up to \(highest) for \(ids.count) tokens")
    }
    texts = [String?](repeating: nil, count: Int(highest) + 1)
    for (text, id) in ids {
      guard texts[Int(id)] == nil else { throw model.malformed("vocab", "gives two tokens the id \(id)") }
      texts[Int(id)] = text.text
    }
  }

  /// The tokens as the model looks them up: the bytes that the byte alphabet stands for, or the text itself.
  func vocabulary(isByteLevel: Bool) -> Vocabulary {
    Vocabulary(
      texts.map { text in
        guard let text else { return ([], false) }
        guard isByteLevel else { return (Array(text.utf8), modelIDs[TokenText(text)] != nil) }
        let decoded = ByteAlphabet.decode(text)
        return (decoded ?? Array(text.utf8), decoded != nil && modelIDs[TokenText(text)] != nil)
      })
  }

  /// The token of each byte such as `<0x0A>`, −1 where there is none; nil when there is none at all.
  var byteTokens: [Int32]? { ByteToken.ids { modelIDs[TokenText($0)] } }
}

extension AddedToken {
  init(_ item: TokenizerMembers) throws {
    content = try item.string("content")
    guard let id = TokenizerMembers.tokenID(item["id"]) else {
      throw item.malformed("id", "is not a token id")
    }
    self.id = id
    singleWord = try item.bool("single_word", default: false)
    stripsLeft = try item.bool("lstrip", default: false)
    stripsRight = try item.bool("rstrip", default: false)
    isSpecial = try item.bool("special", default: false)
    isNormalized = try item.bool("normalized", default: !isSpecial)
  }
}
