import History
import Records

/// What changes are counted and chosen by: something that is known of every record beside its pair.
public enum Facet: Sendable {
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

  /// The facet of a name: any name that is none of the others is a column's.
  public init(_ name: String) {
    switch name {
    case "batch": self = .batch
    case "file": self = .file
    case "teacher": self = .teacher
    case "license": self = .license
    default: self = .column(name)
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

  private func text(ofColumn name: String, _ origin: RecordID) throws -> String? {
    let (chunk, offset) = try chunk(of: origin)
    guard let column = chunk.origins.column(named: name),
      let range = chunk.origins.value(ofColumn: column, at: offset)
    else { return nil }
    let value = try JSON.parse(Array(chunk.origins.bytes[range]))
    if value.isNull { return nil }
    guard let text = value.string else { return String(decoding: chunk.origins.bytes[range], as: UTF8.self) }
    return text.utf8.isEmpty ? nil : text
  }
}
