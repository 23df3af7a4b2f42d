import ArgumentParser

/// One line or several that follow each other: `42`, `10-20`.
struct LineRange: ExpressibleByArgument {
  let lines: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
    guard let first = parts[0], first > 0, let last = parts.count == 2 ? parts[1] : first, first <= last
    else {
      return nil
    }
    lines = first...last
  }
}
