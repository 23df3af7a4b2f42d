/// How examples are written: as a prompt that an answer follows, or as a conversation.
public enum ExampleTemplate: Sendable, Equatable {
  /// A prompt, which the answer and the end-of-sequence token follow.
  case prompt(PromptTemplate)
  /// A conversation.
  case chat(ChatTemplate)

  /// The names of all templates.
  public static let names = ["alpaca"] + ChatTemplate.Form.allCases.map(\.rawValue)

  /// The template's name, as runs record it.
  public var name: String {
    switch self {
    case .prompt(let template): template.name
    case .chat(let template): template.form.rawValue
    }
  }

  /// The template of this name, which must be one of `names`; without a name the model's own where it is known, and
  /// Alpaca's prompts elsewhere.
  public init(_ name: String?, own: ChatTemplateChoice) {
    if let name, let named = ExampleTemplate(name: name, model: own.template) {
      self = named
    } else {
      self = own.template.map { .chat($0) } ?? .prompt(.alpaca)
    }
  }

  /// The template of this name, or nil when there is none. A model's own default system message stays with the form.
  public init?(name: String, model: ChatTemplate?) {
    if name == PromptTemplate.alpaca.name {
      self = .prompt(.alpaca)
    } else if let form = ChatTemplate.Form(rawValue: name) {
      self = .chat(model.flatMap { $0.form == form ? $0 : nil } ?? ChatTemplate(form))
    } else {
      return nil
    }
  }
}
