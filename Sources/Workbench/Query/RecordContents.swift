import History
import Objects
import Records

/// What a snapshot's entry points at, read when it is asked for: the pair's fields and the columns of its origin.
final class RecordContents {
  let origins: OriginReader
  private let reader: ObjectReader
  private var pair: (id: ObjectID, bytes: [UInt8], fields: PairFields)?
  private var known: (entry: TreeEntry, provenance: Provenance)?

  init(_ store: ObjectStore) throws {
    reader = try ObjectReader(store)
    origins = try OriginReader(store)
  }

  /// A field of a pair.
  enum Field {
    case instruction, input, output, system, turns
  }

  func text(_ field: Field, of pair: ObjectID) throws -> QueryValue {
    let (bytes, fields) = try read(pair)
    return bytes.withUnsafeBytes { bytes in
      let range: Range<Int>?
      switch field {
      case .instruction: range = fields.instruction
      case .input: range = fields.input
      case .output: range = fields.output
      case .system: range = fields.system
      case .turns: return fields.turnsJSON(in: bytes).map(QueryValue.text) ?? .null
      }
      return range.map { .text(PairFields.contents($0, in: bytes)) } ?? .null
    }
  }

  private func read(_ id: ObjectID) throws -> (bytes: [UInt8], fields: PairFields) {
    if let pair, pair.id == id { return (pair.bytes, pair.fields) }
    let buffer = try reader.bytes(of: id, .pair)
    let found = (id: id, bytes: [UInt8](buffer), fields: try PairFields(canonical: buffer))
    pair = found
    return (found.bytes, found.fields)
  }

  func provenance(_ entry: TreeEntry) throws -> Provenance {
    if let known, known.entry == entry { return known.provenance }
    let provenance = try origins.provenance(entry)
    known = (entry, provenance)
    return provenance
  }

  /// All columns of an origin, as a JSON object.
  func columns(of origin: RecordID) throws -> QueryValue {
    let (chunk, offset) = try origins.chunk(of: origin)
    var text: [UInt8] = [UInt8(ascii: "{")]
    for cell in chunk.origins.cells(at: offset) {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      CanonicalJSON.append(String(decoding: chunk.origins.columnNames[cell.column], as: UTF8.self), to: &text)
      text.append(UInt8(ascii: ":"))
      text += chunk.origins.bytes[cell.value]
    }
    text.append(UInt8(ascii: "}"))
    return .text(text)
  }

  /// The value of one column of an origin; null when the row does not have it.
  func column(_ name: String, of origin: RecordID) throws -> QueryValue {
    let (chunk, offset) = try origins.chunk(of: origin)
    guard let column = chunk.origins.column(named: name),
      let range = chunk.origins.value(ofColumn: column, at: offset)
    else { return .null }
    return try QueryValue(json: chunk.origins.bytes[range])
  }
}

extension QueryValue {
  /// A JSON value in SQL: text, number, 1 or 0, null; the JSON text of an array or an object. As SQLite's `->>`.
  init(json: ArraySlice<UInt8>) throws {
    if json.first == UInt8(ascii: "["), json.last == UInt8(ascii: "]") {
      self = .text(Array(json))
    } else if json.first == UInt8(ascii: "{") {
      self = .text(Array(json))
    } else {
      switch try JSON.parse(Array(json)) {
      case .null: self = .null
      case .bool(let isTrue): self = .integer(isTrue ? 1 : 0)
      case .number(let number): self = Int64(exactly: number).map(QueryValue.integer) ?? .real(number)
      case .string(let text): self = .string(text)
      case .array, .object: self = .text(Array(json))
      }
    }
  }

  /// Names as a JSON array.
  static func names(_ names: [String]) -> QueryValue {
    .text(CanonicalJSON.encode(.array(names.map(JSONValue.string))))
  }

  /// The text of a text.
  var name: String? {
    guard case .text(let text) = self else { return nil }
    return String(decoding: text, as: UTF8.self)
  }
}
