extension PreTokenizer {
  /// Reads `pre_tokenizer` of a byte-level tokenizer, which ends in ByteLevel, or of one over characters.
  ///
  /// - Returns: whether ByteLevel is there.
  static func read(_ description: TokenizerMembers?) throws -> (PreTokenizer, isByteLevel: Bool) {
    guard let description else { return (PreTokenizer(steps: []), false) }
    let isSequence = try description.string("type") == "Sequence"
    let parts = isSequence ? try description.objects("pretokenizers") : [description]
    var steps: [Step] = []
    var isByteLevel = false
    for part in parts {
      // ByteLevel writes its pieces in another alphabet, which later steps would cut in.
      guard !isByteLevel else { throw part.unsupported("type", "a step after ByteLevel") }
      switch try part.string("type") {
      case "Digits": steps.append(.digits(individually: try part.bool("individual_digits", default: false)))
      case "Split": steps.append(try split(part))
      case "Metaspace": steps.append(try metaspace(part))
      case "ByteLevel":
        isByteLevel = true
        if try part.bool("add_prefix_space", default: true) { steps.append(.prefixSpace) }
        if try part.bool("use_regex", default: true) { steps.append(.split(.gpt2)) }
      case let other: throw part.unsupported("type", "\"\(other)\"")
      }
    }
    return (PreTokenizer(steps: steps), isByteLevel)
  }

  private static func split(_ part: TokenizerMembers) throws -> Step {
    guard let description = try part.object("pattern"), let text = try description.optionalString("Regex")
    else {
      throw part.unsupported("pattern", "not a regular expression")
    }
    let behavior = try part.string("behavior")
    let isInverted = try part.bool("invert", default: false)
    guard (behavior == "Isolated" && !isInverted) || (behavior == "Removed" && isInverted) else {
      throw part.unsupported("behavior", "\"\(behavior)\"\(isInverted ? " inverted" : "")")
    }
    // The known patterns match everywhere, so keeping the matches and removing the rest is the same as isolating them.
    if let pattern = SplitPattern(text: text) { return .split(pattern) }
    do {
      return .matches(try SplitExpression(text), keepsRest: behavior == "Isolated")
    } catch {
      throw part.unsupported("pattern", "the regular expression \(text) with \(error.what)")
    }
  }

  private static func metaspace(_ part: TokenizerMembers) throws -> Step {
    let replacement = try part.optionalString("replacement") ?? "\u{2581}"
    guard replacement.unicodeScalars.count == 1 else {
      throw part.malformed("replacement", "is not one character")
    }
    let prefix: SpaceMarker.Prefix
    switch try part.optionalString("prepend_scheme") {
    case "always": prefix = .always
    case "first": prefix = .first
    case "never": prefix = .never
    case let other?: throw part.unsupported("prepend_scheme", "\"\(other)\"")
    // Files older than tokenizers 0.15 say only whether there is a prefix.
    case nil: prefix = try part.bool("add_prefix_space", default: true) ? .always : .never
    }
    return .metaspace(
      SpaceMarker(bytes: Array(replacement.utf8)), prefix: prefix, cuts: try part.bool("split", default: true)
    )
  }
}
