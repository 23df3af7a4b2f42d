/// The file formats that pairs are imported from and exported to.
public enum Format: String, Sendable, CaseIterable {
  /// A JSON array of `{"instruction","input"?,"output","system"?}` objects, as Stanford Alpaca publishes it.
  case alpacaJSON = "alpaca-json"
  /// The same objects, one a line.
  case alpacaJSONL = "alpaca-jsonl"
  /// `{"prompt","completion"}` objects, one a line.
  case promptCompletion = "prompt-completion"
  /// `{"messages":[{"role","content"}]}` objects, one a line, as OpenAI's chat fine-tuning takes them.
  case messages
  /// `{"conversations":[{"from","value"}],"system"?}` objects, in an array or one a line.
  case shareGPT = "sharegpt"
  /// Comma-separated values (RFC 4180) with a header row.
  case csv
  /// Tab-separated values with a header row.
  case tsv
}

extension Format {
  /// True for the formats whose rows are JSON objects.
  public var isJSON: Bool { self != .csv && self != .tsv }

  /// What the columns of this format mean, by their documented names.
  var documentedFields: [(name: String, role: FieldRole)] {
    switch self {
    case .alpacaJSON, .alpacaJSONL, .csv, .tsv:
      [("instruction", .instruction), ("input", .input), ("output", .output), ("system", .system)]
    case .promptCompletion: [("prompt", .instruction), ("completion", .output)]
    case .messages: [("messages", .messages)]
    case .shareGPT: [("system", .system), ("conversations", .messages)]
    }
  }
}

/// What a column holds, when it holds part of a pair.
public enum FieldRole: String, Sendable, CaseIterable {
  case instruction, input, output, system
  /// The whole conversation as an array.
  case messages
}
