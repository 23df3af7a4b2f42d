/// How a conversation is written for a model that was trained to converse.
///
/// Sources: OpenAI's ChatML as Qwen2 and SmolLM2 use it; meta-llama/llama, `generation.py`; meta-llama/llama3,
/// `tokenizer.py`; and the `chat_template` of the models' tokenizer_config.json.
public struct ChatTemplate: Sendable, Equatable {
  /// The form of the messages; the raw value is the template's name.
  public enum Form: String, Sendable, CaseIterable {
    case chatML = "chatml"
    case llama2 = "llama-2"
    case llama3 = "llama-3"
  }

  /// The form of the messages.
  public var form: Form
  /// What the system says in a conversation that does not begin with a system message; nil for nothing.
  public var defaultSystem: String?

  /// A template.
  public init(_ form: Form, defaultSystem: String? = nil) {
    self.form = form
    self.defaultSystem = defaultSystem
  }

  /// A part of a written conversation.
  public enum Part: Sendable, Equatable {
    /// One token, by its text. `isLearned` marks the end of an answer.
    case token(String, isLearned: Bool)
    /// Text in which special tokens are not looked for. `isLearned` marks an answer.
    case text(String, isLearned: Bool)
  }

  /// The tokens that the form is made of.
  public var tokens: [String] {
    switch form {
    case .chatML: ["<|im_start|>", "<|im_end|>"]
    case .llama2: ["<s>", "</s>"]
    case .llama3: ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    }
  }

  /// The parts of a conversation, or why it cannot be written in this form.
  public func parts(_ messages: [ChatMessage]) throws(TrainingError) -> [Part] {
    var messages = messages
    if let defaultSystem, messages.first?.role != .system {
      messages.insert(ChatMessage(role: .system, content: defaultSystem), at: 0)
    }
    switch form {
    case .chatML: return messages.flatMap(Self.chatML)
    case .llama2: return try Self.llama2(messages)
    case .llama3:
      return [.token("<|begin_of_text|>", isLearned: false)] + messages.flatMap(Self.llama3)
    }
  }

  private static func chatML(_ message: ChatMessage) -> [Part] {
    let isAnswer = message.role == .assistant
    return [
      .token("<|im_start|>", isLearned: false), .text(message.role.rawValue + "\n", isLearned: false),
      .text(message.content, isLearned: isAnswer), .token("<|im_end|>", isLearned: isAnswer),
      .text("\n", isLearned: false),
    ]
  }

  private static func llama3(_ message: ChatMessage) -> [Part] {
    let isAnswer = message.role == .assistant
    return [
      .token("<|start_header_id|>", isLearned: false), .text(message.role.rawValue, isLearned: false),
      .token("<|end_header_id|>", isLearned: false), .text("\n\n", isLearned: false),
      .text(stripped(message.content), isLearned: isAnswer), .token("<|eot_id|>", isLearned: isAnswer),
    ]
  }

  private static func llama2(_ messages: [ChatMessage]) throws(TrainingError) -> [Part] {
    var turns = messages[...]
    var opening = ""
    if let system = turns.first, system.role == .system {
      opening = "<<SYS>>\n" + system.content + "\n<</SYS>>\n\n"
      turns = turns.dropFirst()
    }
    var parts: [Part] = []
    for (index, message) in turns.enumerated() {
      guard message.role == (index.isMultiple(of: 2) ? .user : .assistant) else {
        throw .turnsOutOfOrder(template: Form.llama2.rawValue)
      }
      if message.role == .user {
        let content = stripped((index == 0 ? opening : "") + message.content)
        parts += [.token("<s>", isLearned: false), .text("[INST] " + content + " [/INST]", isLearned: false)]
      } else {
        parts += [
          .text(" " + stripped(message.content) + " ", isLearned: true), .token("</s>", isLearned: true),
        ]
      }
    }
    return parts
  }

  /// Without white space at both ends, as Python's `str.strip` and Jinja's `trim` take it away.
  private static func stripped(_ text: String) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || 0x1C...0x1F ~= scalar.value
    }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
