/// How an example becomes the text before its answer.
public struct PromptTemplate: Sendable, Equatable {
  /// A part of a rendered prompt.
  public enum Part: Sendable, Equatable {
    /// Text that is the same in every prompt.
    case text(String)
    /// The example's system text.
    case system
    /// The example's instruction.
    case instruction
    /// The example's input.
    case input
  }

  /// The template's name, as runs record it.
  public var name: String
  /// The opening of an example without a system text, with an input.
  public var openingWithInput: String
  /// The opening of an example without a system text and without an input.
  public var opening: String
  /// What comes in place of the opening when the example has a system text.
  public var openingWithSystem: [Part]
  /// The rest of a prompt with an input.
  public var bodyWithInput: [Part]
  /// The rest of a prompt without an input.
  public var body: [Part]

  /// The prompt of an example; its answer follows without anything in between.
  public func prompt(_ example: TrainingExample) -> String {
    let hasInput = example.input.map { !$0.isEmpty } ?? false
    let opens = example.system == nil ? [.text(hasInput ? openingWithInput : opening)] : openingWithSystem
    var prompt = ""
    for part in opens + (hasInput ? bodyWithInput : body) {
      switch part {
      case .text(let text): prompt += text
      case .system: prompt += example.system ?? ""
      case .instruction: prompt += example.instruction
      case .input: prompt += example.input ?? ""
      }
    }
    return prompt
  }

  /// Stanford Alpaca's prompt, byte for byte. Alpaca knows no system text; here one replaces the opening sentence.
  ///
  /// Source: tatsu-lab/stanford_alpaca, `train.py`, PROMPT_DICT.
  public static let alpaca = PromptTemplate(
    name: "alpaca",
    openingWithInput:
      "Below is an instruction that describes a task, paired with an input that provides further"
      + " context. Write a response that appropriately completes the request.\n\n",
    opening:
      "Below is an instruction that describes a task. Write a response that appropriately completes the"
      + " request.\n\n",
    openingWithSystem: [.system, .text("\n\n")],
    bodyWithInput: [
      .text("### Instruction:\n"), .instruction, .text("\n\n### Input:\n"), .input,
      .text("\n\n### Response:"),
    ],
    body: [.text("### Instruction:\n"), .instruction, .text("\n\n### Response:")])
}
