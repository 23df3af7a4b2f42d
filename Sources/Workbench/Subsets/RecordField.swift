import History
import Objects
import Records

/// Something by which records can be told into groups.
enum RecordField: Sendable, Equatable {
  case batch, file, teacher, license
  /// A column that the rows brought along.
  case column(String)

  /// Reads `batch`, `file`, `teacher`, `license` or the name of a column; `column.NAME` is a column whatever its name.
  init(_ text: String) {
    switch text {
    case "batch": self = .batch
    case "file": self = .file
    case "teacher": self = .teacher
    case "license", "licence": self = .license
    default:
      let prefix = "column."
      self = .column(
        text.hasPrefix(prefix) && text.utf8.count > 7 ? String(text.dropFirst(prefix.count)) : text)
    }
  }

  /// - Throws: ``Failure`` when it is a column that no row of the version has.
  func check(_ commit: Commit, in workspace: Workspace) throws {
    guard case .column(let name) = self else { return }
    let columns = UserColumns(
      try QueryVersions(commit, in: workspace), QueryWatch(limit: .infinity, clock: { 0 }))
    guard try !columns.contains(name) else { return }
    let known = try columns.all()
    let failure = Failure(.missing, "no row of this version has a column `\(name)`")
    if let near = Suggestion.closest(to: name, among: known + ["batch", "file", "teacher", "license"]) {
      throw failure.hinting("did you mean `\(near)`?")
    }
    throw failure.hinting(
      known.isEmpty
        ? "its rows have no columns: `batch`, `file`, `teacher` and `license` are known of every row"
        : "its columns are \(known.prefix(12).joined(separator: ", "))")
  }

  /// A record's value as canonical JSON; nil when it has none, or null.
  func value(of entry: TreeEntry, _ origins: OriginReader) throws -> [UInt8]? {
    func text(_ text: String?) -> [UInt8]? { text.map { CanonicalJSON.encode(.string($0)) } }
    switch self {
    case .batch: return text(entry.key.batch.hex)
    case .file: return text(try origins.batch(entry.origin.batch).batch.source?.name)
    case .teacher: return text(try origins.provenance(entry).teacher)
    case .license: return text(try origins.provenance(entry).license)
    case .column(let name):
      let (chunk, offset) = try origins.chunk(of: entry.origin)
      guard let column = chunk.origins.column(named: name),
        let range = chunk.origins.value(ofColumn: column, at: offset)
      else { return nil }
      let value = chunk.origins.bytes[range]
      return value.elementsEqual("null".utf8) ? nil : Array(value)
    }
  }
}
