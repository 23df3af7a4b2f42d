extension Batch {
  /// The canonical bytes that the batch's object id hashes.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "batch")
    list.add("v", 1)
    list.add("origin", origin.rawValue)
    list.add("rows", rows)
    list.add("pairs", pairs.hex)
    list.add("chunk", chunk)
    list.add("origins", .array(origins.map { .string($0.hex) }))
    if let source {
      list.add("source") {
        $0.add("name", source.name)
        $0.add("bytes", source.bytes)
        $0.add("sha256", source.sha256.hex)
      }
    }
    list.add("layout", layout)
    list.add("mapping", mapping.isEmpty ? nil : mapping.json)
    list.add("teacher", teacher)
    list.add("prompts", objects: prompts.map { Self.json($0, nameKey: "name") })
    list.add("seeds", objects: seeds.map { Self.json($0, nameKey: "id") })
    list.add("license", license)
    list.add("recipe", recipe)
    if !warnings.isEmpty {
      list.add("warnings") { for (name, times) in warnings { $0.add(name, times) } }
    }
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a batch from its canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "batch", canonical: true) {
      (reader) throws(ObjectFormatError) in try Batch(&reader)
    }
  }

  private init(_ reader: inout MemberReader) throws(ObjectFormatError) {
    try reader.header()
    guard let origin = Origin(rawValue: try reader.string("origin")) else {
      throw reader.expected("origin", "'imported' or 'edited'")
    }
    self.origin = origin
    rows = try reader.integer("rows", in: 0...Int(UInt32.max))
    pairs = try reader.digest("pairs")
    chunk = try reader.integer("chunk", in: 1...OriginsChunk.mostRows)
    origins = try reader.objectIDs("origins")
    guard origins.count == (rows + chunk - 1) / chunk else {
      throw reader.invalid("origins", "\(rows) rows are \((rows + chunk - 1) / chunk) chunks of \(chunk)")
    }
    source = try reader.optionalObject("source") { (reader) throws(ObjectFormatError) in
      Source(
        name: try reader.string("name"), bytes: try reader.integer("bytes"),
        sha256: try reader.digest("sha256"))
    }
    layout = reader.optional("layout")
    mapping = ColumnMapping()
    if let members = reader.has("mapping") ? try reader.openObject("mapping") : nil {
      for member in members {
        guard let role = ColumnMapping.Role(member.name) else {
          throw reader.invalid("mapping.\(member.name)", "no role has this name")
        }
        guard let column = member.value.string else {
          throw reader.expected("mapping.\(member.name)", "a string")
        }
        mapping[role] = column
      }
      guard !mapping.isEmpty else { throw reader.invalid("mapping", "an empty mapping is left out") }
    }
    teacher = try reader.optionalString("teacher")
    prompts = try Self.named(&reader, "prompts", nameKey: "name")
    seeds = try Self.named(&reader, "seeds", nameKey: "id")
    license = try reader.optionalString("license")
    recipe = reader.optional("recipe")
    warnings = [:]
    if let members = reader.has("warnings") ? try reader.openObject("warnings") : nil {
      for member in members {
        guard let times = member.value.int, times >= 1 else {
          throw reader.expected("warnings.\(member.name)", "a count of at least 1")
        }
        warnings[member.name] = times
      }
      guard warnings.count == members.count, !warnings.isEmpty else {
        throw reader.invalid("warnings", "no warnings are left out, and names must differ")
      }
    }
  }

  private static func json(_ named: NamedObject, nameKey: String) -> JSONValue {
    .object([JSONMember(nameKey, .string(named.name)), JSONMember("object", .string(named.object.hex))])
  }

  private static func named(
    _ reader: inout MemberReader, _ name: String, nameKey: String
  ) throws(ObjectFormatError) -> [NamedObject] {
    let objects = try reader.optionalObjects(name) { (reader) throws(ObjectFormatError) in
      NamedObject(name: try reader.string(nameKey), object: try reader.objectID("object"))
    }
    if objects.isEmpty, reader.has(name) { throw reader.invalid(name, "an empty list is left out") }
    return objects
  }
}
