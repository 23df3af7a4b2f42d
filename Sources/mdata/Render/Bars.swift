import Workbench

/// Bars of a histogram on a terminal: eighths of a block, or number signs where the locale is not UTF-8.
struct Bars {
  let isUTF8: Bool
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar of at most `width` columns; never empty for a count that is not nought.
  func bar(_ count: Int, of most: Int, width: Int) -> String {
    guard count > 0, most > 0, width > 0 else { return "" }
    let share = min(1, Double(count) / Double(most)) * Double(width)
    guard isUTF8 else { return String(repeating: "#", count: max(1, Int(share.rounded()))) }
    let eighths = max(1, Int((share * 8).rounded()))
    return String(repeating: "█", count: eighths / 8) + Self.eighths[eighths % 8]
  }

  var dash: String { isUTF8 ? "–" : "-" }
}

extension Bin {
  /// The numbers in it: `20–49` of lengths, `0.2–0.4` of scores.
  func label(_ unit: DiffSummary.Numbers.Unit, dash: String) -> String {
    let last = unit == .score ? to : to - 1
    return from >= last ? from.brief : from.brief + dash + last.brief
  }
}

extension Double {
  /// A whole number with its thousands apart, another one with at most four decimals.
  var brief: String {
    if let whole = Int(exactly: self), whole.magnitude < 1 << 53 { return whole.grouped }
    guard magnitude >= 0.0001, magnitude < 1e15 else { return "\(self)" }
    return fixed(4).trimmingSuffix { $0 == "0" }.trimmingSuffix { $0 == "." }
  }
}
