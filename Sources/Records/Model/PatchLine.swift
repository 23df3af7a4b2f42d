/// One line of a patch: what leads from one version to another as JSON lines, which `mdata diff --patch` writes and
/// `mdata apply` reads.
///
/// First the header, then for each changed record a line, a batch's facts before the first record that needs them, and at
/// the end how many records there were, so that a patch that was cut off is noticed.
public enum PatchLine: Sendable {
  /// The versions the patch leads from and to, as git ids.
  case header(from: String, to: String)
  /// What a batch of the new version says of its rows' columns.
  case batch(Facts)
  /// A record that was added, edited or removed.
  case record(Record)
  /// How many records there were of each kind.
  case end(ChangeCounts)

  /// What a batch says of its rows.
  public struct Facts: Sendable {
    /// The batch.
    public var batch: BatchPrefix
    /// Which columns answer for a row.
    public var mapping: ColumnMapping
    /// The teacher of all rows.
    public var teacher: String?
    /// The licence of all rows.
    public var license: String?

    /// Facts.
    public init(batch: BatchPrefix, mapping: ColumnMapping, teacher: String?, license: String?) {
      self.batch = batch
      self.mapping = mapping
      self.teacher = teacher
      self.license = license
    }
  }

  /// A record on both sides.
  public struct Record: Sendable {
    /// Which.
    public var record: RecordID
    /// Its row before, in canonical form; nil when it was not there.
    public var old: [UInt8]?
    /// Its row after; nil when it is not there.
    public var new: [UInt8]?
    /// The batch that its new content came in.
    public var batch: BatchPrefix?

    /// A record.
    public init(record: RecordID, old: [UInt8]?, new: [UInt8]?, batch: BatchPrefix?) {
      self.record = record
      self.old = old
      self.new = new
      self.batch = batch
    }
  }

  /// What the header says.
  public static let schema = "mdata.patch/v1"
}

extension PatchLine {
  /// The line in canonical JSON, without its end.
  public var bytes: [UInt8] {
    switch self {
    case .header(let from, let to):
      return CanonicalJSON.encode(
        .object([
          JSONMember("from", .string(from)), JSONMember("schema", .string(Self.schema)),
          JSONMember("to", .string(to)),
        ]))
    case .batch(let facts):
      var list = MemberList()
      list.add("batch", facts.batch.hex)
      list.add("mapping", facts.mapping.isEmpty ? nil : facts.mapping.json)
      list.add("teacher", facts.teacher)
      list.add("license", facts.license)
      return CanonicalJSON.encode(list.json)
    case .record(let record):
      // The rows are canonical already, and may be long.
      var bytes: [UInt8] = []
      if let batch = record.batch { bytes += Array("\"batch\":\"\(batch.hex)\",".utf8) }
      for (name, row) in [("new", record.new), ("old", record.old)] {
        if let row { bytes += Array("\"\(name)\":".utf8) + row + [UInt8(ascii: ",")] }
      }
      return [UInt8(ascii: "{")] + bytes + Array("\"record\":\"\(record.record)\"}".utf8)
    case .end(let counts):
      return CanonicalJSON.encode(
        .object([
          JSONMember("added", .integer(counts.added)), JSONMember("edited", .integer(counts.edited)),
          JSONMember("removed", .integer(counts.removed)),
        ]))
    }
  }

  /// Reads a line. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "patch", canonical: false) {
      (reader) throws(ObjectFormatError) in
      if reader.has("schema") {
        try reader.schema(Self.schema)
        return .header(from: try reader.gitID("from"), to: try reader.gitID("to"))
      }
      if reader.has("record") { return .record(try Self.record(&reader)) }
      if reader.has("batch") { return .batch(try Self.facts(&reader)) }
      return .end(
        ChangeCounts(
          added: try reader.integer("added"), edited: try reader.integer("edited"),
          removed: try reader.integer("removed")))
    }
  }

  private static func record(_ reader: inout MemberReader) throws(ObjectFormatError) -> Record {
    let record = Record(
      record: try reader.recordID("record"), old: reader.optional("old").map(CanonicalJSON.encode),
      new: reader.optional("new").map(CanonicalJSON.encode),
      batch: reader.has("batch") ? try batch(&reader) : nil)
    guard record.old != nil || record.new != nil else {
      throw reader.invalid("record", "it was neither there before nor is it there after")
    }
    return record
  }

  private static func facts(_ reader: inout MemberReader) throws(ObjectFormatError) -> Facts {
    var mapping = ColumnMapping()
    for member in reader.has("mapping") ? try reader.openObject("mapping") : [] {
      guard let role = ColumnMapping.Role(member.name), let column = member.value.string else {
        throw reader.invalid("mapping.\(member.name)", "it is not a role with the name of a column")
      }
      mapping[role] = column
    }
    return Facts(
      batch: try batch(&reader), mapping: mapping, teacher: try reader.optionalString("teacher"),
      license: try reader.optionalString("license"))
  }

  private static func batch(_ reader: inout MemberReader) throws(ObjectFormatError) -> BatchPrefix {
    guard let record = RecordID(try reader.string("batch") + ":1") else {
      throw reader.expected("batch", "24 lower-case hex digits")
    }
    return record.batch
  }
}
