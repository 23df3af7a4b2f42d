/// How the texts of an index became tokens. Lists made in another way cannot be compared with them.
public struct RougeLIndexParameters: Hashable, Sendable, CustomStringConvertible {
  /// Name and version of the tokenizer.
  public let tokenizer: String
  /// Which part of a record.
  public let field: String

  public init(tokenizer: String, field: String) {
    self.tokenizer = tokenizer
    self.field = field
  }

  /// Both, for messages.
  public var description: String { "\(tokenizer), \(field)" }
}
