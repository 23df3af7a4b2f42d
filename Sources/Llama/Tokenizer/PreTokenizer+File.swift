extension PreTokenizer {
  /// Reads `pre_tokenizer`: a ByteLevel, or a Sequence of Digits and Split that ends in one.
  init(_ description: TokenizerMembers?, in file: TokenizerMembers) throws {
    guard let description else {
      throw file.unsupported("pre_tokenizer", "missing (so this is no byte-level tokenizer)")
    }
    let isSequence = try description.string("type") == "Sequence"
    let parts = isSequence ? try description.objects("pretokenizers") : [description]
    steps = []
    var isByteLevel = false
    for part in parts {
      guard !isByteLevel else { throw part.unsupported("type", "a step after ByteLevel") }
      switch try part.string("type") {
      case "Digits": steps.append(.digits(individually: try part.bool("individual_digits", default: false)))
      case "Split": steps.append(.split(try Self.pattern(part)))
      case "ByteLevel":
        isByteLevel = true
        if try part.bool("add_prefix_space", default: true) { steps.append(.prefixSpace) }
        if try part.bool("use_regex", default: true) { steps.append(.split(.gpt2)) }
      case let other: throw part.unsupported("type", "\"\(other)\"")
      }
    }
    guard isByteLevel else { throw file.unsupported("pre_tokenizer", "without ByteLevel") }
  }

  private static func pattern(_ part: TokenizerMembers) throws -> SplitPattern {
    guard let description = try part.object("pattern"), let text = try description.optionalString("Regex")
    else {
      throw part.unsupported("pattern", "not a regular expression")
    }
    guard let pattern = SplitPattern(text: text) else {
      throw part.unsupported("pattern", "the regular expression \(text)")
    }
    // The known patterns match everywhere, so keeping the matches and removing the rest is the same as isolating them.
    let behavior = try part.string("behavior")
    let isInverted = try part.bool("invert", default: false)
    guard (behavior == "Isolated" && !isInverted) || (behavior == "Removed" && isInverted) else {
      throw part.unsupported("behavior", "\"\(behavior)\"\(isInverted ? " inverted" : "")")
    }
    return pattern
  }
}
