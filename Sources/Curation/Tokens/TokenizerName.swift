/// How texts become tokens, by the name that filters and indexes record: the same name gives the same tokens for ever.
public enum TokenizerName: String, Sendable, CaseIterable {
  /// What Python's `rouge-score` 0.1.2 does without its stemmer: runs of ASCII letters and digits, in lower case. Texts
  /// of other scripts have no tokens, and are alike to nothing.
  case rouge = "rouge-ascii-v1"
  /// The words of UAX #29, folded in case and encoding; scripts without spaces character by character.
  case unicode = "unicode-v1"
  /// One of the two, for each text by itself: see ``resolved(for:)``. Texts keep their tokens when others join them, so
  /// an index never has to be built anew, and texts in ASCII have those of `rouge`, as in other tools.
  case auto = "auto-v1"

  /// The tokenizer of a word on a command line or in a recipe: `rouge`, `unicode` or `auto`, or the recorded name.
  public init?(option: String) {
    guard let found = Self.allCases.first(where: { $0.option == option || $0.rawValue == option }) else {
      return nil
    }
    self = found
  }

  /// The short word for it: `rouge`, `unicode` or `auto`.
  public var option: String {
    switch self {
    case .rouge: "rouge"
    case .unicode: "unicode"
    case .auto: "auto"
    }
  }

  /// What an index has to be made with to be usable: the name, and the versions of Unicode whose tables decide. Those of
  /// word breaks are the program's own; those of case and encoding the utf8proc library's.
  public var version: String {
    switch self {
    case .rouge: rawValue
    case .unicode, .auto: "\(rawValue)/\(WordBreakTable.unicodeVersion)/\(TokenFolding.unicodeVersion)"
    }
  }

  /// For `auto` the tokenizer that a text is given: ``unicode`` when `rouge` would not see more than a tenth of its
  /// letters and digits (general categories L and N), which are those outside of ASCII; else ``rouge``. Nothing but the
  /// text counts.
  ///
  /// So English, German or Spanish with their few accents come as in other tools; Greek, Cyrillic, Arabic, Chinese, and
  /// Latin with many accents, such as Vietnamese, come as Unicode words.
  /// - Parameter text: UTF-8.
  public func resolved(for text: UnsafeBufferPointer<UInt8>) -> TokenizerName {
    guard self == .auto else { return self }
    guard let base = text.baseAddress else { return .rouge }
    let properties = ScalarProperties.shared
    var (seen, unseen, position) = (0, 0, 0)
    while position < text.count {
      let word = ASCIIRun.load(base, at: position, end: text.count)
      if word & 0x8080_8080_8080_8080 == 0 {
        // The zeros past the end count as marks.
        seen += 8 - ASCIIRun.stops(word).nonzeroBitCount
        position += 8
      } else {
        let (scalar, next) = UTF8Decoding.scalar(base, at: position, end: text.count)
        if properties[scalar].isWord { if scalar < 0x80 { seen += 1 } else { unseen += 1 } }
        position = next
      }
    }
    return unseen > (seen + unseen) / 10 ? .unicode : .rouge
  }
}
