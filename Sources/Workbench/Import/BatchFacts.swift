import Generation
import Objects
import Records

/// What a batch's author said about it, resolved: flags over the recipe, paths read.
struct BatchFacts {
  var options = ImportOptions()
  var mapping = ColumnMapping()
  var teacher: String?
  var license: String?
  var prompts: [Prompt] = []
  var seeds: [Seed] = []
  var notes: JSONValue?
  /// Where rejected rows go, as an absolute path.
  var rejects: String?
  /// The same as the user wrote it.
  var rejectsName: String?

  /// - Throws: ``Failure``.
  init(_ request: ImportRequest.Provenance, _ session: Session) throws {
    var fields = request.fields
    var columns = request.columns
    teacher = request.teacher
    license = request.license
    var promptFiles = request.prompts.map(session.path)
    var seedFile = request.seedFile.map(session.path)
    if let path = request.recipe.map(session.path) {
      let recipe = try Recipe(yaml: SmallFile.text(path, limit: 1 << 20), name: Session.baseName(path))
      let folder = Session.folder(of: path)
      func beside(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }
      fields.merge(recipe.fields) { flag, _ in flag }
      columns.merge(recipe.columns) { flag, _ in flag }
      teacher = teacher ?? recipe.teacher
      license = license ?? recipe.license
      if promptFiles.isEmpty { promptFiles = recipe.prompts.map(beside) }
      seedFile = seedFile ?? recipe.seeds.map(beside)
      notes = recipe.notes
    }
    options.fields = fields
    options.skipInvalid = request.rejects != nil
    rejects = request.rejects.map(session.path)
    rejectsName = request.rejects
    options.format = try request.format.map(Self.format)
    for (question, column) in columns.sorted(by: { $0.key < $1.key }) {
      guard let role = ColumnMapping.Role(question) else {
        throw Failure(
          .usage, "`\(question)` is not a question of provenance",
          hint: "questions are teacher, prompt, seeds, license and score.NAME")
      }
      mapping[role] = column
    }
    prompts = try promptFiles.map { path in
      Prompt(name: Session.baseName(path), text: try SmallFile.text(path, limit: 4 << 20))
    }
    seeds =
      try seedFile.map { path in
        try Failure.naming(path) { try SeedFile.read(SmallFile.bytes(path, limit: 64 << 20)) }
      } ?? []
  }

  /// The format with a name.
  static func format(named name: String) throws -> Format {
    if let format = Format(rawValue: name) { return format }
    let names = Format.allCases.map(\.rawValue)
    let formats = "formats are \(names.joined(separator: ", "))"
    let near = Suggestion.closest(to: name, among: names) ?? names.first { $0.hasSuffix("-" + name) }
    throw Failure(
      .usage, "there is no format `\(name)`", causes: [],
      hints: (near.map { ["did you mean `\($0)`?"] } ?? []) + [formats])
  }

  /// The batch of an import, with its prompts and seeds stored.
  func batch(
    source: Batch.Source, layout: Layout, pairs: [ObjectID], origins: [ObjectID], warnings: [String: Int],
    writer: PackWriter
  ) throws -> Batch {
    var batch = Batch(
      origin: .imported, rows: pairs.count, pairs: Self.digest(of: pairs), chunk: Batch.standardChunk,
      origins: origins)
    batch.source = source
    batch.layout = layout.json
    batch.warnings = warnings
    batch.recipe = notes
    batch.say(try rowFacts(storing: writer))
    return batch
  }

  /// What is said of all rows, with the prompts and seeds as objects.
  func rowFacts(storing writer: PackWriter) throws -> RowFacts {
    var facts = RowFacts()
    facts.mapping = mapping
    facts.teacher = teacher
    facts.license = license
    facts.prompts = try prompts.map {
      Batch.NamedObject(name: $0.name, object: try writer.add(.prompt, $0.canonicalBytes))
    }
    facts.seeds = try seeds.map {
      Batch.NamedObject(name: $0.id, object: try writer.add(.seed, $0.canonicalBytes))
    }
    return facts
  }

  /// SHA-256 over the ids of pairs in the order of their rows: what ties a batch's id to its content.
  static func digest(of pairs: [ObjectID]) -> ContentDigest {
    var bytes = [UInt8](repeating: 0, count: pairs.count * ObjectID.byteCount)
    bytes.withUnsafeMutableBytes { buffer in
      for (index, id) in pairs.enumerated() { id.store(to: buffer, at: index * ObjectID.byteCount) }
    }
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish())
  }
}
