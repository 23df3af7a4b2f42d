import History

/// The places that comparisons with a position leave.
struct PositionRange {
  /// Nil when none is left.
  let range: ClosedRange<Int>?

  /// Nil when no comparison limits the places. Comparisons with what is no whole number leave it to SQLite.
  init?(_ constraints: [QueryConstraint], count: Int) {
    var (low, high) = (1, count)
    var isLimited = false
    for constraint in constraints {
      guard case .integer(let value) = constraint.value else { continue }
      isLimited = true
      let place = Int(clamping: value)
      switch constraint.comparison {
      case .equal: (low, high) = (max(low, place), min(high, place))
      case .less: high = place == .min ? 0 : min(high, place - 1)
      case .lessOrEqual: high = min(high, place)
      case .greater: low = place == .max ? count + 1 : max(low, place + 1)
      case .greaterOrEqual: low = max(low, place)
      }
    }
    guard isLimited else { return nil }
    range = low <= high ? low...high : nil
  }
}
