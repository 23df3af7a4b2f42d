import Records

extension SpecialTokenFrame {
  /// Reads `post_processor`: none, ByteLevel (which changes no ids), TemplateProcessing, or a Sequence of these.
  init(_ description: TokenizerMembers?) throws {
    self.init()
    guard let description else { return }
    switch try description.string("type") {
    case "ByteLevel": return
    case "TemplateProcessing": self = try SpecialTokenFrame(template: description)
    case "Sequence":
      for part in try description.objects("processors") {
        let inner = try SpecialTokenFrame(part)
        before = inner.before + before
        after += inner.after
      }
    case let other: throw description.unsupported("type", "\"\(other)\"")
    }
  }

  private init(template: TokenizerMembers) throws {
    self.init()
    let special = try template.object("special_tokens")
    var sawText = false
    for item in try template.objects("single") {
      if let text = try item.object("Sequence") {
        guard !sawText, try text.string("id") == "A" else {
          throw template.unsupported("single", "a template with another text than A once")
        }
        sawText = true
      } else if let token = try item.object("SpecialToken") {
        let name = try token.string("id")
        guard let entry = try special?.object(name), case .array(let items)? = entry["ids"] else {
          throw template.malformed("special_tokens", "has no entry \"\(name)\" with ids")
        }
        let tokens = items.compactMap { TokenizerMembers.tokenID($0) }
        guard tokens.count == items.count else { throw entry.malformed("ids", "is not a list of token ids") }
        if sawText { after += tokens } else { before += tokens }
      } else {
        throw template.malformed("single", "has an item that is neither Sequence nor SpecialToken")
      }
    }
    guard sawText else { throw template.malformed("single", "has no place for the text") }
  }
}
