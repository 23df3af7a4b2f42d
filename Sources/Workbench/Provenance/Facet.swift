import History
import Records

/// Something that is known of every record beside its pair: by it records are counted, chosen and told into groups.
public enum Facet: Sendable, Equatable {
  /// The batch that brought it.
  case batch
  /// The name of the file it came from.
  case file
  /// The model that wrote the answer; where nothing says so, the column of this name.
  case teacher
  /// The licence; where nothing says so, the column of this name.
  case license
  /// A column of the row.
  case column(String)

  /// The facet of a name: any name that is none of the others is a column's; `column.NAME` is a column whatever its name.
  public init(_ name: String) {
    let prefix = "column."
    switch name {
    case "batch": self = .batch
    case "file": self = .file
    case "teacher": self = .teacher
    case "license", "licence": self = .license
    default:
      let isPrefixed = name.hasPrefix(prefix) && name.utf8.count > prefix.utf8.count
      self = .column(isPrefixed ? String(name.dropFirst(prefix.count)) : name)
    }
  }

  /// Its name.
  public var name: String {
    switch self {
    case .batch: "batch"
    case .file: "file"
    case .teacher: "teacher"
    case .license: "license"
    case .column(let name): name
    }
  }

  /// Whether all records of a batch have the same value.
  var isOfBatch: Bool {
    switch self {
    case .batch, .file: true
    case .teacher, .license, .column: false
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
}

extension OriginReader {
  /// The value of a facet for a record, as text; nil when nothing says so: no column, `null` or an empty text.
  func value(of facet: Facet, _ entry: TreeEntry) throws -> String? {
    switch facet {
    case .batch: entry.key.batch.hex
    case .file: try batch(entry.key.batch).batch.source?.name
    case .teacher: try provenance(entry).teacher ?? text(ofColumn: "teacher", entry.origin)
    case .license: try provenance(entry).license ?? text(ofColumn: "license", entry.origin)
    case .column(let name): try text(ofColumn: name, entry.origin)
    }
  }

  /// The same as canonical JSON, in which the text `1` and the number are different values.
  func json(of facet: Facet, _ entry: TreeEntry) throws -> [UInt8]? {
    if case .column(let name) = facet { return try json(ofColumn: name, entry.origin) }
    return try value(of: facet, entry).map { CanonicalJSON.encode(.string($0)) }
  }

  private func text(ofColumn name: String, _ origin: RecordID) throws -> String? {
    guard let value = try json(ofColumn: name, origin) else { return nil }
    let isText = value.first == UInt8(ascii: "\"")
    return isText ? try JSON.parse(value).string : String(decoding: value, as: UTF8.self)
  }

  private func json(ofColumn name: String, _ origin: RecordID) throws -> [UInt8]? {
    let (chunk, offset) = try chunk(of: origin)
    return chunk.origins.json(ofColumn: name, at: offset)
  }
}
