import History
import Records

/// What scores may be called: each is a column of its records, and of the view `records`.
enum ScoreName {
  /// Names of the parts of a pair, in any format: no row has room for a column of that name.
  static let ofPairs = Set(
    Format.allCases.flatMap { Layout.standard($0).reservedNames }.map { String(decoding: $0, as: UTF8.self) })

  /// Names that mean something else wherever records are asked for.
  private static let taken = ofPairs.union(QuerySchema.records.columns.map(\.name))

  /// - Parameter hint: how to give it another name.
  /// - Throws: ``Failure`` of kind `usage` when records could not have a score of this name.
  static func check(_ name: String, hint: String) throws {
    if taken.contains(name) {
      throw Failure(
        .usage, "a score cannot be called `\(name)`: records have something else of that name", hint: hint)
    }
    let isName = !name.isEmpty && name.utf8.count <= 100 && name.unicodeScalars.allSatisfy(isPart)
    guard isName else {
      throw Failure(
        .usage,
        "a score cannot be called `\(name.prefix(100))`: a name is letters, digits, `_`, `-` and `.`, up to 100 bytes",
        hint: hint)
    }
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || "_-.".unicodeScalars.contains(scalar)
  }
}
