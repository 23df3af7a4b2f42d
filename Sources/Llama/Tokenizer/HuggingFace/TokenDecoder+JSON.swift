import Records

extension TokenDecoder {
  /// What `decoder` says of a tokenizer.json.
  struct Description: Equatable {
    var form = Form.plain
    /// Tokens are written in the byte alphabet.
    var isByteLevel = false
    /// Texts that are replaced in each token.
    var replacements: [(pattern: [UInt8], content: [UInt8])] = []
    /// Tokens such as `<0x0A>` stand for bytes.
    var hasByteTokens = false

    static func == (one: Description, other: Description) -> Bool {
      one.form == other.form && one.isByteLevel == other.isByteLevel
        && one.hasByteTokens == other.hasByteTokens
        && one.replacements.map(\.pattern) == other.replacements.map(\.pattern)
        && one.replacements.map(\.content) == other.replacements.map(\.content)
    }

    /// Reads `decoder`: none, ByteLevel, Metaspace, or a Sequence of Replace, ByteFallback, Fuse and Strip in this order.
    init(_ description: TokenizerMembers?) throws {
      guard let description else {
        form = .spaced
        return
      }
      let isSequence = try description.string("type") == "Sequence"
      let parts = isSequence ? try description.objects("decoders") : [description]
      var last = -1
      for part in parts {
        let type = try part.string("type")
        let order = ["Replace", "ByteFallback", "Fuse", "Strip"].firstIndex(of: type)
        if order == nil, parts.count > 1 { throw part.unsupported("type", "\"\(type)\" beside others") }
        if let order {
          guard order > last || order == 0 && last == 0 else {
            throw part.unsupported("type", "\"\(type)\" in this place")
          }
          if type == "Strip", last != 2 {
            throw part.unsupported("type", "\"Strip\" without \"Fuse\" before it")
          }
          last = order
        }
        try read(part, type)
      }
    }

    private mutating func read(_ part: TokenizerMembers, _ type: String) throws {
      switch type {
      case "ByteLevel": isByteLevel = true
      case "ByteFallback": hasByteTokens = true
      case "Fuse": break
      case "Replace":
        replacements.append((try part.searchedText(), try part.shortText("content")))
      case "Strip":
        guard try part.string("content") == " " else { throw part.unsupported("content", "not a space") }
        guard part["stop"]?.int ?? 0 == 0 else { throw part.unsupported("stop", "not 0") }
        guard let count = part["start"]?.int, 0...1024 ~= count else {
          throw part.malformed("start", "is not a count from 0 to 1,024")
        }
        form = .stripped(count)
      case "Metaspace":
        let marker = try part.optionalString("replacement") ?? "\u{2581}"
        guard marker.unicodeScalars.count == 1 else {
          throw part.malformed("replacement", "is not one character")
        }
        replacements = [(Array(marker.utf8), [UInt8(ascii: " ")])]
        let scheme = try part.optionalString("prepend_scheme")
        let strips = try scheme.map { $0 != "never" } ?? part.bool("add_prefix_space", default: true)
        form = strips ? .firstTokenStripped : .plain
      default: throw part.unsupported("type", "\"\(type)\"")
      }
    }
  }
}
