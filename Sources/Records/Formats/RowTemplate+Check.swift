extension RowTemplate {
  /// Refuses a pair that rows of this layout cannot hold.
  @inline(__always)
  func check(_ parts: PairParts, _ format: Format) throws(ExportFailure) {
    if parts.input == nil, parts.system == nil, parts.turns.isEmpty { return }
    let isConversation = slots.contains { $0.role == .messages }
    if !parts.turns.isEmpty, !isConversation { throw .earlierTurns(format) }
    if parts.input != nil, !hasInputSlot { throw .input(format) }
    if parts.system != nil, !isConversation, !hasSystemSlot { throw .system(format) }
  }

  private var hasInputSlot: Bool { slots.contains { $0.role == .input } }
}
