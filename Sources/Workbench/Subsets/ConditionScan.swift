import History
import Records

/// Finds the records of a version that satisfy a condition in SQL.
struct ConditionScan {
  private static let beginning = "SELECT position FROM records WHERE ("

  /// Whether each record satisfies it, in the order of a checkout, up to the last that does. A condition that is null is
  /// not satisfied.
  ///
  /// - Throws: ``Failure``, with places counted in the condition.
  static func matches(
    _ condition: String, _ commit: Commit, timeLimit: Double, memoryLimit: Int?, in workspace: Workspace
  ) throws -> [Bool] {
    let watch = QueryWatch(limit: timeLimit, clock: workspace.session.steadyClock)
    let views = try QueryViews(commit, in: workspace, watch, memoryLimit: memoryLimit)
    // Grown as records satisfy it: what the version says of its size is not believed before the walk has counted.
    var matches: [Bool] = []
    do {
      // The line feed ends a comment in the condition.
      let statement = try views.prepare("\(beginning)\(condition)\n)")
      while try statement.step() {
        guard case .integer(let position) = statement.value(0),
          position > 0, position <= commit.dataset.records
        else { throw QueryError.failed("the condition is more than one condition") }
        let place = Int(position) - 1
        if place >= matches.count {
          matches.append(contentsOf: repeatElement(false, count: place + 1 - matches.count))
        }
        matches[place] = true
      }
    } catch let error as QueryError {
      var added: [String] = []
      if case .unknownColumn = error { added = (try? views.userColumns.all()) ?? [] }
      throw Failure(error.after(beginning.utf8.count), in: condition, added: added)
    }
    return matches
  }
}
