import History
import Objects
import Records

/// The records that the rows of a sheet are about, in ascending order, each with the numbers that are said of it.
struct ScoreTargets {
  struct Target {
    let entry: TreeEntry
    /// The first row about it.
    let row: Int
    /// A number for each score; not a number where nothing is said.
    var values: [Double]
  }

  private(set) var targets: [Target] = []

  /// - Parameter place: what messages call a row of the sheet.
  /// - Throws: ``Failure`` naming the row of a record that is not there, or is said something else of elsewhere.
  init(
    _ sheet: ScoreSheet, in commit: Commit, _ workspace: Workspace, place: @escaping (Int) -> String
  ) throws {
    let found = try Self.entries(sheet, commit, workspace, place)
    // Ordered by record, so that origins are read and written one chunk after the other.
    for (entry, row) in found.sorted(by: { ($0.entry.key, $0.row) < ($1.entry.key, $1.row) }) {
      let values = sheet.values(ofRow: row)
      guard let last = targets.last, last.entry.key == entry.key else {
        targets.append(Target(entry: entry, row: row, values: Array(values)))
        continue
      }
      let (line, first) = (sheet.rows[row].line, sheet.rows[last.row].line)
      if sheet.places.isEmpty {
        throw Failure(
          .data,
          "\(place(line)): it names the record `\(try workspace.short(entry.key))`, as \(place(first)) does",
          hint: ScoreQuery.onceHint)
      }
      for (score, value) in values.enumerated() where !value.isNaN {
        let known = last.values[score]
        guard known.isNaN || known == value else {
          throw Failure(
            .data,
            "\(place(line)): `\(sheet.names[score])` of the record `\(try workspace.short(entry.key))` is \(Self.text(value)), and \(Self.text(known)) on line \(first)",
            hint: "leave one of the two rows out")
        }
        targets[targets.count - 1].values[score] = value
      }
    }
  }

  private static func text(_ number: Double) -> String {
    String(decoding: CanonicalJSON.encode(.number(number)), as: UTF8.self)
  }

  private static func entries(
    _ sheet: ScoreSheet, _ commit: Commit, _ workspace: Workspace, _ place: @escaping (Int) -> String
  ) throws -> [(entry: TreeEntry, row: Int)] {
    let tree = workspace.tree(of: commit)
    if sheet.key == .pair { return try pairs(sheet, tree, workspace, place) }
    let key: String? = if case .column(let name) = sheet.key { name } else { nil }
    let keyed = KeyedRows(
      workspace: workspace, tree: tree, key: key, place: place,
      hint: "scores are of records that the version has; new rows come with `mdata commit FILE`")
    return try keyed.entries(of: sheet.rows).enumerated().map { ($0.element, $0.offset) }
  }

  /// All records with the pairs that rows name: a walk over the version's ids.
  private static func pairs(
    _ sheet: ScoreSheet, _ tree: SnapshotTree, _ workspace: Workspace, _ place: (Int) -> String
  ) throws -> [(entry: TreeEntry, row: Int)] {
    var rows: [ObjectID: [Int]] = [:]
    for (number, name) in sheet.rows.enumerated() {
      guard case .string(let text) = try JSON.parse(name.value), let id = try pair(text, workspace) else {
        throw Failure(
          .data, "\(place(name.line)): column `pair` does not hold the id of a pair",
          hint: "`mdata query \"SELECT record, pair FROM records\"` lists them")
      }
      rows[id, default: []].append(number)
    }
    var found: [(entry: TreeEntry, row: Int)] = []
    var open = Set(rows.keys)
    var entries = tree.entries()
    while let leaf = try entries.nextLeaf() {
      for entry in leaf {
        guard let named = rows[entry.object] else { continue }
        open.remove(entry.object)
        found += named.map { (entry, $0) }
      }
    }
    if let missing = open.compactMap({ rows[$0]?.first }).min() {
      throw Failure(
        .missing, "\(place(sheet.rows[missing].line)): no record of the version has this pair",
        hint:
          "it was edited or removed: `mdata query \"SELECT record, pair FROM records\"` lists those that are there"
      )
    }
    return found
  }

  private static func pair(_ text: String, _ workspace: Workspace) throws -> ObjectID? {
    if let id = ObjectID(hex: text) { return id }
    guard (4..<64).contains(text.utf8.count), text.utf8.allSatisfy({ Hex.value(of: $0) != nil }) else {
      return nil
    }
    let matches = try workspace.store.matches(hexPrefix: text, kinds: [.pair])
    return matches.count == 1 ? matches[0].id : nil
  }
}
