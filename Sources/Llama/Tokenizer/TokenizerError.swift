/// Why a tokenizer was refused.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// A part of the file is missing or has the wrong form. `member` says where, such as `model.vocab` or `piece 7`.
  case malformed(path: String, member: String, reason: String)
  /// The tokenizer uses a part that is not supported; encoding without it would give other tokens.
  case unsupported(path: String, member: String, what: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .malformed(let path, let member, let reason): "\(path): \(member) \(reason)"
    case .unsupported(let path, let member, let what):
      "\(path): \(member) is \(what), which is not supported; BPE over bytes"
        + " (GPT-2, SmolLM2, Llama 3, Qwen2 and alike) and SentencePiece's BPE (Llama 2, Mistral) are"
    }
  }
}
