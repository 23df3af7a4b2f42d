/// Why text cannot be generated.
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// The prompt leaves no room for a token in the model's context.
  case promptTooLong(tokens: Int, context: Int)
  /// There is no token to go on from.
  case emptyPrompt
  /// The caches of all streams need more memory than there is.
  case cache(bytes: Int, memory: Int, positions: Int, streams: Int)
  /// The model's numbers are no numbers.
  case notANumber

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .promptTooLong(let tokens, let context):
      "the prompt has \(tokens) tokens, but the model's context has \(context), the answer included"
    case .emptyPrompt: "the prompt is empty, and this tokenizer begins texts with no token of its own"
    case .cache(let bytes, let memory, let positions, let streams):
      "the keys and values of \(streams) stream\(streams == 1 ? "" : "s") of \(positions) tokens need \(bytes >> 20) MiB,"
        + " and \(memory >> 20) MiB are to be had: ask for fewer tokens or fewer streams"
    case .notANumber: "the model gives no numbers: its weights are damaged, or beyond single precision"
    }
  }
}
