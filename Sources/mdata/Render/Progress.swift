/// A bar with rate and remaining time on standard error: a picture of work under way, never part of a result.
struct Progress {
  private let console: Console
  private let total: Int
  private let unit: String
  private let first: Int
  private let begin: Double
  private var shown = -1.0

  /// - Parameter first: what was done before, and says nothing of the rate.
  init(_ console: Console, total: Int, unit: String, from first: Int = 0) {
    self.first = first
    self.console = console
    self.total = total
    self.unit = unit
    begin = Clock.monotonic()
  }

  /// Shows the state, at most ten times a second.
  mutating func update(_ done: Int, _ detail: String = "") {
    guard console.error.isTerminal else { return }
    let now = Clock.monotonic()
    guard now - shown >= 0.1 || done == total else { return }
    shown = now
    let share = total > 0 ? Double(done) / Double(total) : 0
    let filled = Int(share * 20)
    let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 20 - filled)
    let left = done > first ? (now - begin) / Double(done - first) * Double(total - done) : 0
    console.progress("\(bar) \(done)/\(total) \(unit)  \(detail)  \(Clock.duration(left)) left")
  }

  func finish() { console.progress(nil) }
}
