/// Finds the provenance of the rows of one origins chunk: what the batch says of all its rows, and over it what
/// the mapped columns say of each.
///
/// A column says nothing about a row when the row does not have it, or when its value is `null`, empty or of a
/// type that cannot answer (a score that is no number).
public struct ProvenanceResolution: Sendable {
  private struct MappedColumn: Sendable {
    let role: ColumnMapping.Role
    let part: Provenance.Known
    let column: Int
  }

  private let chunk: OriginsChunk
  private let defaults: Provenance
  private let columns: [MappedColumn]

  /// The provenance of the rows of `chunk`, which must be one of `batch`'s origins.
  public init(batch: Batch, chunk: OriginsChunk) {
    self.chunk = chunk
    var defaults = Provenance()
    defaults.teacher = batch.teacher
    defaults.license = batch.license
    defaults.prompts = batch.prompts.map(\.name)
    defaults.seeds = batch.seeds.map(\.name)
    self.defaults = defaults
    columns = batch.mapping.entries.compactMap { entry in
      chunk.column(named: entry.column).map {
        MappedColumn(role: entry.role, part: Self.part(entry.role), column: $0)
      }
    }
  }

  /// The parts that the batch says of all its rows.
  public var saidByBatch: Provenance.Known { defaults.known }

  /// The parts that a row itself says, found without reading names into strings.
  public func saidByRow(at offset: Int) -> Provenance.Known {
    var said: Provenance.Known = []
    chunk.bytes.withUnsafeBytes { bytes in
      for mapped in columns where !said.contains(mapped.part) {
        guard let range = chunk.value(ofColumn: mapped.column, at: offset) else { continue }
        if Self.answers(UnsafeRawBufferPointer(rebasing: bytes[range]), mapped.part) {
          said.insert(mapped.part)
        }
      }
    }
    return said
  }

  /// How many of the chunk's rows say each combination of parts themselves: what an audit adds up, together with
  /// ``saidByBatch``.
  public func counts() -> [Provenance.Known: Int] {
    var counts = [Int](repeating: 0, count: 1 << 5)
    for offset in 0..<chunk.count { counts[Int(saidByRow(at: offset).rawValue)] += 1 }
    var found: [Provenance.Known: Int] = [:]
    for (bits, count) in counts.enumerated() where count > 0 {
      found[Provenance.Known(rawValue: UInt8(bits))] = count
    }
    return found
  }

  /// The provenance of a row. Throws an ``ObjectFormatError`` when a mapped value is JSON that the reader refuses.
  public func provenance(at offset: Int) throws(ObjectFormatError) -> Provenance {
    var provenance = defaults
    for mapped in columns {
      guard let range = chunk.value(ofColumn: mapped.column, at: offset) else { continue }
      let column = String(decoding: chunk.columnNames[mapped.column], as: UTF8.self)
      let value = try chunk.value(range, column: column)
      let said = provenance.assign(value, mapped.role)
      if said { provenance.saidByRow.insert(mapped.part) }
    }
    return provenance
  }

  private static func part(_ role: ColumnMapping.Role) -> Provenance.Known {
    switch role {
    case .teacher: .teacher
    case .prompt: .prompts
    case .seeds: .seeds
    case .license: .license
    case .score: .scores
    }
  }

  /// Whether a column's canonical JSON says something; agrees with ``Provenance/assign(_:_:)``.
  private static func answers(_ value: UnsafeRawBufferPointer, _ part: Provenance.Known) -> Bool {
    guard let first = value.first else { return false }
    if part == .teacher || part == .license {
      return first == UInt8(ascii: "\"") ? value.count > 2 : first == UInt8(ascii: "-") || isDigit(first)
    }
    if part == .scores, first == UInt8(ascii: "-") || isDigit(first) { return true }
    // Text that begins with a letter or a digit has a name in it, whatever follows.
    if part != .scores, first == UInt8(ascii: "\""), value.count > 2, isDigit(value[1]) || isLetter(value[1])
    {
      return true
    }
    guard let json = try? JSON.parse(value) else { return false }
    return part == .scores ? ColumnValue.score(json) != nil : !ColumnValue.names(json).isEmpty
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

extension Provenance {
  /// Takes what a column says, and returns whether it says anything.
  fileprivate mutating func assign(_ value: JSONValue, _ role: ColumnMapping.Role) -> Bool {
    switch role {
    case .teacher:
      guard let name = ColumnValue.name(value) else { return false }
      teacher = name
    case .license:
      guard let name = ColumnValue.name(value) else { return false }
      license = name
    case .prompt:
      let names = ColumnValue.names(value)
      guard !names.isEmpty else { return false }
      prompts = names
    case .seeds:
      let names = ColumnValue.names(value)
      guard !names.isEmpty else { return false }
      seeds = names
    case .score(let name):
      guard let score = ColumnValue.score(value) else { return false }
      scores.append(Score(name: name, value: score))
    }
    return true
  }
}

/// Reads the values of columns, which are strings in CSV whatever they mean.
enum ColumnValue {
  /// A name: text that is not empty, or a number as canonical JSON writes it.
  static func name(_ value: JSONValue) -> String? {
    if let text = value.string { return text.utf8.isEmpty ? nil : text }
    return value.double == nil ? nil : String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }

  /// Names: an array of them, or text with names between commas, semicolons or bars, or the text of such an array.
  static func names(_ value: JSONValue) -> [String] {
    if let elements = value.array { return elements.compactMap(name) }
    guard let whole = value.string else { return name(value).map { [$0] } ?? [] }
    if whole.utf8.first == UInt8(ascii: "["), let parsed = try? JSON.parse(Array(whole.utf8)),
      parsed.array != nil
    {
      return names(parsed)
    }
    return whole.utf8.split { ",;|".utf8.contains($0) }.compactMap { part in
      let isText: (UInt8) -> Bool = { $0 > 0x20 }
      guard let start = part.firstIndex(where: isText), let end = part.lastIndex(where: isText) else {
        return nil
      }
      return String(part[start...end])
    }
  }

  /// A score: a number, or text that is one.
  static func score(_ value: JSONValue) -> Double? {
    if let number = value.double { return number }
    guard let text = value.string, let number = Double(text), number.isFinite else { return nil }
    return number
  }
}
