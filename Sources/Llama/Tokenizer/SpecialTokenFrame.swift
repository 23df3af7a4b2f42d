/// The tokens that the tokenizer itself puts around a text, such as a beginning-of-sequence token.
///
/// Source: the `single` template of Hugging Face's `TemplateProcessing`.
struct SpecialTokenFrame: Sendable, Equatable {
  /// Tokens before the text.
  var before: [Int32] = []
  /// Tokens after the text.
  var after: [Int32] = []

  /// The framed tokens; with a `limit`, the text loses tokens at its end until all fit, the frame loses none
  /// unless it alone is longer.
  func framing(_ tokens: [Int32], limit: Int? = nil) -> [Int32] {
    guard let limit else { return before + tokens + after }
    let room = max(limit - before.count - after.count, 0)
    return Array((before + tokens.prefix(room) + after).prefix(limit))
  }
}
