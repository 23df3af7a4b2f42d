public import Records

/// What the length of a text is counted in.
public enum LengthUnit: String, Sendable, CaseIterable {
  /// Tokens of `unicode-v1`: words, and characters of scripts that put no spaces between words.
  case words
  /// Unicode scalars.
  case characters

  func length(_ text: FieldText) -> Int {
    switch self {
    case .words: text.words.count
    case .characters: text.string.unicodeScalars.count
    }
  }
}

/// `too-short-v1`: an instruction or an answer with fewer words or characters than is asked for. The value is its length.
public struct TooShortRule: Rule {
  public static let name = "too-short-v1"
  public static let severity = RuleFinding.Severity.drop

  private let instruction: Int
  private let output: Int
  private let unit: LengthUnit

  /// The rule with its defaults.
  public init() { self.init(instruction: 2) }

  /// - Parameters:
  ///   - instruction: fewest of an instruction. Two by default: "Define asthma" is a task.
  ///   - output: fewest of an answer. One by default: "Yes." is an answer.
  public init(instruction: Int = 2, output: Int = 1, unit: LengthUnit = .words) {
    self.instruction = instruction
    self.output = output
    self.unit = unit
  }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    let standard = Self()
    self.init(
      instruction: try settings.count("instruction") ?? standard.instruction,
      output: try settings.count("output") ?? standard.output,
      unit: try settings.choice("unit", LengthUnit.self) ?? standard.unit)
  }

  public var settings: [JSONMember] {
    [
      JSONMember("instruction", .number(Double(instruction))), JSONMember("output", .number(Double(output))),
      JSONMember("unit", .string(unit.rawValue)),
    ]
  }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    [(subject.instruction, instruction), (subject.output, output)].compactMap { text, least in
      // Most texts have enough in their first bytes.
      if unit == .words, text.words(within: max(64, 16 * min(least, 1 << 20))).count >= least { return nil }
      let length = unit.length(text)
      return length < least ? RuleMark(text, value: Double(length)) : nil
    }
  }
}

/// `too-long-v1`: an instruction, an input or an answer with more words or characters than is allowed. The value is its
/// length.
public struct TooLongRule: Rule {
  public static let name = "too-long-v1"
  public static let severity = RuleFinding.Severity.drop

  private let instruction: Int
  private let input: Int
  private let output: Int
  private let unit: LengthUnit

  /// The rule with its defaults.
  public init() { self.init(instruction: 1000, input: 4000) }

  /// The defaults leave room for a pasted case report and its answer; Self-Instruct (Wang et al. 2023) allows
  /// instructions 150 words.
  public init(
    instruction: Int = 1000, input: Int = 4000, output: Int = 4000, unit: LengthUnit = .words
  ) {
    self.instruction = instruction
    self.input = input
    self.output = output
    self.unit = unit
  }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    let standard = Self()
    self.init(
      instruction: try settings.count("instruction") ?? standard.instruction,
      input: try settings.count("input") ?? standard.input,
      output: try settings.count("output") ?? standard.output,
      unit: try settings.choice("unit", LengthUnit.self) ?? standard.unit)
  }

  public var settings: [JSONMember] {
    [
      JSONMember("instruction", .number(Double(instruction))), JSONMember("input", .number(Double(input))),
      JSONMember("output", .number(Double(output))), JSONMember("unit", .string(unit.rawValue)),
    ]
  }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.task.compactMap { text in
      let most =
        switch text.field {
        case .instruction: instruction
        case .input: input
        default: output
        }
      // Neither words nor characters are more than bytes.
      guard text.bytes.count > most else { return nil }
      let length = unit.length(text)
      return length > most ? RuleMark(text, value: Double(length)) : nil
    }
  }
}
