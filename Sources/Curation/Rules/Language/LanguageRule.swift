public import Records

/// `language-v1`: an instruction, an input or an answer that is in none of the declared languages, as far as that can be
/// told without a model.
///
/// First by script: more than half of a text's letters are of scripts that no declared language is written in; the value
/// is their share. Languages of one script cannot be told apart by it: Russian from Bulgarian, Arabic from Persian.
/// Chinese cannot be told from Japanese without kana.
///
/// Then, when every declared language in Latin script is among English, German, French, Spanish, Italian, Portuguese and
/// Dutch, by their most frequent words, in texts of at least 20 words: another of these has at least twice as many of
/// them as any declared one, and they are at least a fifth of the words; the value is their share. A text in a language
/// without such a list, such as Swedish, is found by neither way.
public struct LanguageRule: Rule {
  /// No declared language has this code.
  public struct UnknownLanguage: Error, Equatable {
    /// What was declared.
    public let code: String
    /// The codes that can be.
    public let known: [String]
  }

  public static let name = "language-v1"
  public static let severity = RuleFinding.Severity.flag

  private let declared: [Language]

  /// The rule without declared languages, which finds nothing.
  public init() { declared = [] }

  /// - Parameter codes: ISO 639-1 codes; what follows a hyphen, as in `pt-BR`, does not count.
  /// - Throws: ``UnknownLanguage`` for the first code that is none of those known here.
  public init(_ codes: [String]) throws(UnknownLanguage) {
    var declared: [Language] = []
    for code in codes {
      let primary = code.prefix { $0 != "-" && $0 != "_" }.lowercased()
      guard let language = Language.all.first(where: { $0.code == primary }) else {
        throw UnknownLanguage(code: code, known: Language.all.map(\.code))
      }
      declared.append(language)
    }
    self.declared = declared
  }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    let codes = try settings.strings("languages") ?? []
    do throws(UnknownLanguage) {
      try self.init(codes)
    } catch {
      throw .invalidSetting(
        rule: Self.name, setting: "languages", expected: "codes out of \(error.known.joined(separator: ", "))"
      )
    }
  }

  public var settings: [JSONMember] {
    [JSONMember("languages", .array(declared.map { .string($0.code) }))]
  }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    guard !declared.isEmpty else { return [] }
    return subject.task.compactMap { text in
      (foreignLetters(text) ?? foreignWords(text)).map { RuleMark(text, value: $0) }
    }
  }

  /// The share of letters of other scripts, when it is more than half of at least five letters.
  private func foreignLetters(_ text: FieldText) -> Double? {
    let scripts = declared.reduce(into: Set<Script>()) { $0.formUnion($1.scripts) }
    var (known, foreign) = (0, 0)
    for scalar in text.string.unicodeScalars {
      guard let script = Script.of(scalar.value) else { continue }
      if scripts.contains(script) { known += 1 } else { foreign += 1 }
    }
    guard foreign >= 5, foreign > known else { return nil }
    return Double(foreign) / Double(known + foreign)
  }

  /// The share of frequent words of another language.
  private func foreignWords(_ text: FieldText) -> Double? {
    let latin = declared.filter { $0.scripts.contains(.latin) }
    guard !latin.isEmpty, latin.allSatisfy({ !$0.stopwords.isEmpty }) else { return nil }
    let words = TokenizerName.unicode.tokens(of: text.string)
    guard words.count >= 20 else { return nil }
    func hits(_ language: Language) -> Int { words.count { language.stopwords.contains($0) } }
    let own = latin.map(hits).max() ?? 0
    let others = Language.all.filter { other in
      !other.stopwords.isEmpty && !latin.contains { $0.code == other.code }
    }
    let best = others.map(hits).max() ?? 0
    guard best >= 2 * max(own, 1), best * 5 >= words.count else { return nil }
    return Double(best) / Double(words.count)
  }
}
