/// Two versions written as one word, as in git: `A..B`, or `A...B`, which begins where the two parted. A side that is
/// left out is HEAD.
public struct VersionRange: Sendable {
  /// The older version.
  public var from: String
  /// The newer version.
  public var to: String
  /// Whether it was written with three dots.
  public var isSymmetric: Bool

  /// Nil when the text names one version: no name of a version has two dots in it.
  public init?(_ text: String) {
    guard let dots = text.firstRange(of: "..") else { return nil }
    let rest = text[dots.upperBound...]
    isSymmetric = rest.hasPrefix(".")
    let (left, right) = (text[..<dots.lowerBound], isSymmetric ? rest.dropFirst() : rest)
    from = left.isEmpty ? "HEAD" : String(left)
    to = right.isEmpty ? "HEAD" : String(right)
  }
}
