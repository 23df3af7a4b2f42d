extension Layout {
  /// The usual layout of a format, for exports that follow no imported file.
  public static func standard(_ format: Format) -> Layout {
    var fields = format.documentedFields.map { name, role in
      Field(name, role: role, isEmptyWhenAbsent: role == .input)
    }
    // A system message stands among the others.
    if format == .shareGPT { fields.removeAll { $0.role == .system } }
    let newline: [UInt8] = [0x0A]
    switch format {
    case .alpacaJSON, .shareGPT:
      return Layout(
        format: format, prefix: Array("[\n    ".utf8), separator: Array(",\n    ".utf8),
        suffix: Array("\n]\n".utf8), fields: fields, style: .indented,
        messages: format == .shareGPT ? .shareGPT : .openAI)
    case .alpacaJSONL, .promptCompletion, .messages:
      return Layout(format: format, separator: newline, suffix: newline, fields: fields, style: .spaced)
    case .csv, .tsv: return .table(format)
    }
  }
}
