import History

/// The rows that blame was asked about with the records they belong to: sixteen bytes each, in the order they are told in.
struct BlameFinds {
  struct Find {
    /// The line of the file, from 1; 0 without a file.
    let line: Int
    /// The record's place among the entries; negative for none.
    fileprivate var place: Int32 = -1
    fileprivate(set) var match: BlameRow.Match
  }

  /// The records, in whatever order.
  var entries: [TreeEntry] = []
  private(set) var finds: [Find] = []
  /// The tasks of rows that are not just as their record: those are read with it.
  private var tasks: [Int: String] = [:]

  /// Records, each as the version has it.
  init(_ entries: [TreeEntry]) {
    self.entries = entries
    finds = entries.indices.map { Find(line: 0, place: Int32($0), match: .same) }
  }

  /// Adds a row that is just as a record, or belongs to none yet.
  mutating func add(line: Int, _ place: Int?) {
    finds.append(Find(line: line, place: Int32(place ?? -1), match: place == nil ? .absent : .same))
  }

  /// Says of a row with a task of its own which record it was.
  mutating func edit(_ position: Int, _ place: Int) {
    (finds[position].place, finds[position].match) = (Int32(place), .edited)
  }

  /// Keeps a row's task.
  mutating func keep(_ task: String, of position: Int) { tasks[position] = task }

  /// Whether no record was found for a row.
  func isOpen(_ position: Int) -> Bool { finds[position].place < 0 }

  func entry(of find: Find) -> TreeEntry? { find.place < 0 ? nil : entries[Int(find.place)] }

  func task(of position: Int) -> String? { tasks[position] }
}
