import Records
import Workbench

/// What a signature says, for people.
struct SignatureLines {
  private let check: SignatureCheck

  init(_ check: SignatureCheck) { self.check = check }

  func print(on console: Console) {
    console.line("  signature  \(text(on: console))")
    guard check.state != .good, check.state != .unsigned else { return }
    for line in check.details.prefix(Self.longestReason) { console.line("             \(line.escaped())") }
  }

  /// Lines of a program's words: gpg may have a long story to tell.
  private static let longestReason = 8

  /// `good: ada@example.org, SHA256:…`.
  func text(on console: Console) -> String {
    var facts = [check.signer, check.fingerprint ?? check.key].compactMap { $0?.escaped() }
    if let trust = check.trust, trust != .ultimate { facts.append("trust \(trust.rawValue)") }
    let word = console.styled(
      word, check.state == .good ? .added : check.state == .unsigned ? .faint : .removed)
    return facts.isEmpty ? word : "\(word): \(facts.joined(separator: ", "))"
  }

  private var word: String {
    switch check.state {
    case .good: "good"
    case .bad: "bad"
    case .unknownKey: "unknown key"
    case .expired: "expired"
    case .revoked: "revoked key"
    case .untrusted: "good, with a key that is not trusted enough"
    case .unsigned: "not signed"
    case .unchecked: "not checked"
    }
  }
}

extension SignatureCheck {
  var json: JSONValue {
    .object([
      JSONMember("state", .string(state.rawValue)), JSONMember("format", .optional(format)),
      JSONMember("signer", .optional(signer)), JSONMember("key", .optional(key)),
      JSONMember("fingerprint", .optional(fingerprint)), JSONMember("trust", .optional(trust?.rawValue)),
      JSONMember("details", .strings(details)),
    ])
  }
}
