extension Run {
  /// The canonical bytes that the run's object id hashes.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "run")
    list.add("v", 1)
    list.add("verb", verb)
    list.add("commit", commit)
    list.add("snapshot", snapshot.hex)
    list.add("version", version)
    list.add("model", Self.json(model))
    list.add("config", config)
    list.add("template", template)
    list.add("seed", seed)
    list.add("records") {
      $0.add("total", records.total)
      $0.add("used", records.used)
      $0.add("seen", .array(records.seen.map(Self.json)))
    }
    list.add("steps", steps)
    list.add("tokens", tokens)
    if let loss {
      list.add("loss") {
        $0.add("first", .number(loss.first))
        $0.add("last", .number(loss.last))
      }
    }
    if let validation {
      list.add("validation") {
        $0.add("commit", validation.commit)
        $0.add("records", validation.records)
        $0.add("before", .number(validation.before))
        $0.add("after", .number(validation.after))
        $0.add("step", validation.step)
      }
    }
    if let metrics { list.add("metrics") { $0.add("sha256", metrics.hex) } }
    list.add("output", output.map(Self.json))
    list.add("code", code)
    list.add("started", started.text)
    list.add("ended", ended.text)
    if let repository {
      list.add("repository") {
        $0.add("head", repository.head)
        $0.add("dirty", .bool(repository.dirty))
      }
    }
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a run from its canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "run", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      let config = try reader.value("config")
      guard config.object != nil else { throw reader.expected("config", "an object") }
      return Run(
        verb: try reader.nonEmpty("verb"), commit: try reader.gitID("commit"),
        snapshot: try reader.objectID("snapshot"), version: try reader.string("version"),
        model: try reader.object("model", Self.model), config: config,
        template: try reader.nonEmpty("template"), seed: try reader.integer("seed"),
        records: try reader.object("records", Self.records), steps: try reader.integer("steps"),
        tokens: try reader.integer("tokens"),
        loss: try reader.optionalObject("loss") { (reader) throws(ObjectFormatError) in
          Loss(first: try reader.measure("first"), last: try reader.measure("last"))
        },
        validation: try reader.optionalObject("validation", Self.validation),
        metrics: try reader.optionalObject("metrics") { (reader) throws(ObjectFormatError) in
          try reader.digest("sha256")
        },
        output: try reader.optionalObject("output", Self.model), code: try reader.nonEmpty("code"),
        started: try reader.time("started"), ended: try reader.time("ended"),
        repository: try reader.optionalObject("repository") { (reader) throws(ObjectFormatError) in
          CodeRepository(head: try reader.gitID("head"), dirty: try reader.bool("dirty"))
        })
    }
  }

  private static func json(_ model: Model) -> JSONValue {
    .object([JSONMember("name", .string(model.name)), JSONMember("digest", .string(model.digest.hex))])
  }

  private static func json(_ seen: SeenRows) -> JSONValue {
    let rows = seen.rows.map {
      JSONValue.array([.integer(Int($0.lowerBound)), .integer(Int($0.upperBound))])
    }
    return .object([JSONMember("batch", .string(seen.batch.hex)), JSONMember("rows", .array(rows))])
  }

  private static func model(_ reader: inout MemberReader) throws(ObjectFormatError) -> Model {
    Model(name: try reader.nonEmpty("name"), digest: try reader.digest("digest"))
  }

  private static func validation(_ reader: inout MemberReader) throws(ObjectFormatError) -> Validation {
    Validation(
      commit: try reader.gitID("commit"), records: try reader.integer("records"),
      before: try reader.measure("before"), after: try reader.measure("after"),
      step: try reader.integer("step"))
  }

  private static func records(_ reader: inout MemberReader) throws(ObjectFormatError) -> Records {
    let total = try reader.integer("total")
    return Records(
      total: total, used: try reader.integer("used", in: 0...total),
      seen: try reader.objects("seen", Self.seenRows))
  }

  private static func seenRows(_ reader: inout MemberReader) throws(ObjectFormatError) -> SeenRows {
    guard let record = RecordID(try reader.string("batch") + ":1") else {
      throw reader.expected("batch", "24 lower-case hex digits")
    }
    var ranges: [ClosedRange<UInt32>] = []
    for (position, element) in try reader.array("rows").enumerated() {
      guard let pair = element.array, pair.count == 2,
        let first = pair[0].int.flatMap({ UInt32(exactly: $0) }),
        let last = pair[1].int.flatMap({ UInt32(exactly: $0) }), first >= 1, first <= last
      else { throw reader.expected("rows[\(position)]", "the first and the last row of a range") }
      if let before = ranges.last, before.upperBound >= first {
        throw reader.invalid("rows[\(position)]", "ranges must ascend and not overlap")
      }
      ranges.append(first...last)
    }
    return SeenRows(batch: record.batch, rows: ranges)
  }
}
