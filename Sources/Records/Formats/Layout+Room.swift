extension Layout {
  /// The names that a column beside the pair cannot have in rows of this layout: they are those of the pair's parts, also of
  /// parts that no row has, because a reader would take the column for one.
  public var reservedNames: Set<[UInt8]> { Set(RowShape(self).named.map(\.name)) }

  /// Whether rows of this layout have room for pairs with an input, a system message or earlier turns.
  public func hasRoom(forInput input: Bool, system: Bool, turns: Bool) -> Bool {
    func has(_ role: FieldRole) -> Bool { fields.contains { $0.role == role } }
    if turns, !has(.messages) { return false }
    if input, !has(.input) { return false }
    return !system || has(.system) || has(.messages)
  }
}
