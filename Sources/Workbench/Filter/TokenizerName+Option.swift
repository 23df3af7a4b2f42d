import Curation

extension TokenizerName {
  /// The tokenizer of a word on a command line.
  ///
  /// - Throws: ``Failure`` of kind `usage` that names all of them.
  static func named(_ option: String) throws -> TokenizerName {
    if let name = TokenizerName(option: option) { return name }
    throw Failure(
      .usage, "there is no tokenizer `\(option)`",
      hint: "tokenizers are \(allCases.map(\.option).joined(separator: ", "))")
  }
}
