import Records

/// Moments for people and for scripts.
enum DisplayTime {
  /// `2026-11-23 15:36 +0100`, in the author's time zone.
  static func local(_ seconds: Int64, offset minutes: Int) -> String {
    let text = Timestamp(secondsSince1970: Int(seconds) + minutes * 60).text
    let size = abs(minutes)
    let zone = (minutes < 0 ? "-" : "+") + two(size / 60) + two(size % 60)
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) \(zone)"
  }

  /// RFC 3339 in UTC.
  static func utc(_ seconds: Int64) -> String { Timestamp(secondsSince1970: Int(seconds)).text }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
