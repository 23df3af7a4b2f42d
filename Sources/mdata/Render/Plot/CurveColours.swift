/// The colours of curves: as many as runs are compared at most. They are told apart on white and on black.
enum CurveColours {
  /// As SVG and CSS write them.
  static func web(_ number: Int) -> StaticString { web[number % web.count] }

  private static let web: [StaticString] = [
    "#2f81f7", "#e8710a", "#2da44e", "#a371f7", "#e5534b", "#1a9ba1", "#bf8700", "#8b949e",
  ]
}
