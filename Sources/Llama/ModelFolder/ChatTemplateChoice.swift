import Records

/// What a model's configuration says about how conversations are written.
public enum ChatTemplateChoice: Sendable, Equatable {
  /// Nothing: the model was not trained to converse.
  case none
  /// One of the templates that are known.
  case known(ChatTemplate)
  /// A template that is none of them.
  case unknown

  /// What a `chat_template` is; nil is none.
  public init(source: String?) {
    guard let source else {
      self = .none
      return
    }
    self = ChatTemplate(source: source).map { .known($0) } ?? .unknown
  }

  /// Reads chat_template.jinja, or `chat_template` of tokenizer_config.json: one template, or several by name, of which
  /// `default` counts, as in transformers. Throws `ModelFolderError`, `FileFailure`.
  init(folder: String) throws {
    let jinja = folder + "/chat_template.jinja"
    if fileExists(jinja) {
      self.init(
        source: String(decoding: try InputFile.contents(of: jinja, limit: 1 << 20), as: UTF8.self))
      return
    }
    guard let file = try ConfigurationFile.ifPresent(path: folder + "/tokenizer_config.json"),
      let value = file["chat_template"]
    else {
      self = .none
      return
    }
    if let items = value.array {
      self.init(source: items.first { $0["name"]?.string == "default" }?["template"]?.string)
    } else if let source = value.string {
      self.init(source: source)
    } else {
      throw file.refuse("chat_template", "is neither a string nor a list of templates")
    }
  }

  /// The template when it is known.
  public var template: ChatTemplate? { if case .known(let template) = self { template } else { nil } }
}
