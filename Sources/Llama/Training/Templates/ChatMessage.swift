/// One message of a conversation, as chat templates see it.
public struct ChatMessage: Sendable, Equatable {
  /// Who speaks.
  public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var content: String

  /// A message.
  public init(role: Role, content: String) {
    self.role = role
    self.content = content
  }
}

extension TrainingExample {
  /// The example as a conversation; its input follows the instruction after an empty line.
  public var messages: [ChatMessage] {
    let task = input.map { $0.isEmpty ? instruction : instruction + "\n\n" + $0 } ?? instruction
    let opening = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
    return opening + turns + [
      ChatMessage(role: .user, content: task), ChatMessage(role: .assistant, content: output),
    ]
  }
}
