/// A task written by a person (or kept from a machine) that new tasks are modelled on.
public struct Seed: Sendable {
  /// How hard a task is, from 1 (easiest) to 5.
  public static let difficulties = 1...5

  /// What rows and prompts call the seed by, unique within its batch.
  public var id: String
  /// The task.
  public var instruction: String
  /// What the task is to be done on. Never empty.
  public let input: String?
  /// An answer. Never empty.
  public let output: String?
  /// The kind of task, such as `summarization`.
  public var type: String?
  /// What the task is about, such as `cardiology`.
  public var topic: String?
  /// From whose point of view it is told, such as `patient`.
  public var view: String?
  /// How hard it is, within ``difficulties``.
  public var difficulty: Int?
  /// The licence, an SPDX identifier or free text.
  public var license: String?
  /// What else the seed file said about it, by name.
  public var extra: [JSONMember]

  /// A seed. An empty `input` or `output` counts as absent.
  public init(
    id: String, instruction: String, input: String? = nil, output: String? = nil, type: String? = nil,
    topic: String? = nil, view: String? = nil, difficulty: Int? = nil, license: String? = nil,
    extra: [JSONMember] = []
  ) {
    self.id = id
    self.instruction = instruction
    self.input = input.flatMap { $0.utf8.isEmpty ? nil : $0 }
    self.output = output.flatMap { $0.utf8.isEmpty ? nil : $0 }
    self.type = type
    self.topic = topic
    self.view = view
    self.difficulty = difficulty
    self.license = license
    self.extra = extra
  }

  /// The canonical bytes that the seed's object id hashes.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "seed")
    list.add("v", 1)
    list.add("id", id)
    list.add("instruction", instruction)
    list.add("input", input)
    list.add("output", output)
    list.add("type", type)
    list.add("topic", topic)
    list.add("view", view)
    list.add("difficulty", difficulty)
    list.add("license", license)
    list.add("extra", extra.isEmpty ? nil : .object(extra))
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a seed from its canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "seed", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      let extra = reader.has("extra") ? try reader.openObject("extra") : []
      if extra.isEmpty, reader.has("extra") { throw reader.invalid("extra", "an empty object is left out") }
      return Seed(
        id: try reader.nonEmpty("id"), instruction: try reader.string("instruction"),
        input: try reader.optionalNonEmpty("input"), output: try reader.optionalNonEmpty("output"),
        type: try reader.optionalString("type"), topic: try reader.optionalString("topic"),
        view: try reader.optionalString("view"),
        difficulty: try reader.optionalInteger("difficulty", in: Seed.difficulties),
        license: try reader.optionalString("license"), extra: extra)
    }
  }
}

extension Seed: Equatable {
  /// Seeds are equal when their canonical bytes are.
  public static func == (left: Seed, right: Seed) -> Bool { left.canonicalBytes == right.canonicalBytes }
}
