import Records

/// What a file or a query says of records: each row names one, and has a number for some of the scores.
///
/// A few dozen bytes a row and score, so that many rows fit.
struct ScoreSheet {
  /// How rows name their records.
  enum Key: Equatable {
    case record
    /// By the value of a column of the records.
    case column(String)
    /// By the id of a pair: all records that have it.
    case pair
  }

  let key: Key
  /// What rows call their records, in order.
  let rows: [KeyedRows.Name]
  /// Where the rows stand in a file; empty when there is none.
  let places: [OriginsChunk.Place]
  /// Names of the scores; at most ``mostScores``.
  let names: [String]
  /// A number for each row and score, row by row; not a number where the row says nothing.
  let values: [Double]

  /// Scores that can be given at once.
  static let mostScores = 64

  /// What a row says of each score.
  func values(ofRow row: Int) -> ArraySlice<Double> {
    values[row * names.count..<(row + 1) * names.count]
  }

  /// Rows that say nothing of any score.
  var silentRows: Int {
    rows.indices.count { values(ofRow: $0).allSatisfy(\.isNaN) }
  }
}
