extension Checkpoint {
  /// The bytes of its file.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "checkpoint")
    list.add("v", 1)
    list.add("identity", identity)
    list.add("instruction_set", instructionSet)
    list.add("steps", steps)
    list.add("epoch", epoch)
    list.add("examples_of_epoch", examplesOfEpoch)
    list.add("tokens", tokens)
    list.add("labels", labels)
    list.add("loss") {
      $0.add("first", .number(loss.first))
      $0.add("last", .number(loss.last))
    }
    list.add("seconds", .number(seconds))
    list.add("started", started.text)
    list.add("metrics_bytes", metricsBytes)
    list.add("tensors", Self.json(tensors))
    if let validation {
      list.add("validation") {
        $0.add("before", .number(validation.before))
        $0.add("best", .number(validation.best))
        $0.add("best_step", validation.bestStep)
        $0.add("since", validation.since)
        $0.add("weights", validation.weights.map(Self.json))
      }
    }
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a checkpoint, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "checkpoint", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      let identity = try reader.value("identity")
      guard identity.object != nil else { throw reader.expected("identity", "an object") }
      return Checkpoint(
        identity: identity, instructionSet: try reader.nonEmpty("instruction_set"),
        steps: try reader.integer("steps"), epoch: try reader.integer("epoch"),
        examplesOfEpoch: try reader.integer("examples_of_epoch"), tokens: try reader.integer("tokens"),
        labels: try reader.integer("labels"),
        loss: try reader.object("loss") { (reader) throws(ObjectFormatError) in
          Run.Loss(first: try reader.measure("first"), last: try reader.measure("last"))
        },
        seconds: try reader.measure("seconds"), started: try reader.time("started"),
        metricsBytes: try reader.integer("metrics_bytes"),
        tensors: try reader.object("tensors", Self.tensors),
        validation: try reader.optionalObject("validation") { (reader) throws(ObjectFormatError) in
          Validation(
            before: try reader.measure("before"), best: try reader.measure("best"),
            bestStep: try reader.integer("best_step"),
            since: try reader.integer("since"), weights: try reader.optionalObject("weights", Self.tensors))
        })
    }
  }

  private static func json(_ tensors: Tensors) -> JSONValue {
    .object([
      JSONMember("file", .string(tensors.file)), JSONMember("sha256", .string(tensors.digest.hex)),
    ])
  }

  /// The file is one of the folder: a name with a slash could lead anywhere.
  private static func tensors(_ reader: inout MemberReader) throws(ObjectFormatError) -> Tensors {
    let file = try reader.nonEmpty("file")
    guard !file.utf8.contains(UInt8(ascii: "/")), file != ".", file != ".." else {
      throw reader.expected("file", "the name of a file in the checkpoint's folder")
    }
    return Tensors(file: file, digest: try reader.digest("sha256"))
  }
}
