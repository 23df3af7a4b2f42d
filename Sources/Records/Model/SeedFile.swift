/// Reads files of seed tasks: a JSON array or one JSON object a line.
///
/// Two families of fields are understood. AlpaCare's (`topic`, `view`, `type`, `instruction`, `input`,
/// `difficulty` as "1" to "5"; no id) and self-instruct's (`id`, `name`, `instruction`, `instances` of `input` and
/// `output`, `is_classification`). Fields of neither are kept in ``Seed/extra``.
public enum SeedFile {
  /// Reads the seeds in the order they are written. A seed without an id is called `seed-<n>` after its position
  /// from 1.
  ///
  /// Throws an ``ObjectFormatError`` whose path is the seed's position, such as `[3].instruction`, or whose
  /// reason names line and column; also when two seeds have the same id.
  public static func read(_ bytes: [UInt8]) throws(ObjectFormatError) -> [Seed] {
    var seeds: [Seed] = []
    var ids: Set<[UInt8]> = []
    for (position, value) in try values(bytes).enumerated() {
      let seed = try seed(value, position: position + 1)
      guard ids.insert(Array(seed.id.utf8)).inserted else {
        throw failure(position + 1, "id", .invalid("an earlier seed is called '\(seed.id)' too"))
      }
      seeds.append(seed)
    }
    guard !seeds.isEmpty else { throw ObjectFormatError(kind: "seed file", .invalid("it has no seeds")) }
    return seeds
  }

  // MARK: Cutting

  private static func values(_ bytes: [UInt8]) throws(ObjectFormatError) -> [JSONValue] {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = bytes[start...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "[") {
      guard case .array(let values) = try parse(Array(bytes[start...]), lineOffset: 0) else { return [] }
      return values
    }
    var values: [JSONValue] = []
    for (offset, line) in bytes[start...].split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated()
    {
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      values.append(try parse(Array(line), lineOffset: offset))
    }
    return values
  }

  private static func parse(_ bytes: [UInt8], lineOffset: Int) throws(ObjectFormatError) -> JSONValue {
    do {
      return try JSON.parse(bytes)
    } catch {
      let place = "line \(error.line + lineOffset), column \(error.column)"
      throw ObjectFormatError(kind: "seed file", .json("\(place): \(error.reason.message)"))
    }
  }

  // MARK: One seed

  private static func seed(_ value: JSONValue, position: Int) throws(ObjectFormatError) -> Seed {
    guard let members = value.object else { throw failure(position, nil, .expected("an object")) }
    var fields = Fields(position: position)
    for member in members { try fields.take(member) }
    guard let instruction = fields.instruction else { throw failure(position, "instruction", .missing) }
    guard instruction.utf8.contains(where: { $0 > 0x20 }) else {
      throw failure(position, "instruction", .invalid("it is empty"))
    }
    return Seed(
      id: fields.id ?? "seed-\(position)", instruction: instruction, input: fields.input,
      output: fields.output,
      type: fields.type, topic: fields.topic, view: fields.view, difficulty: fields.difficulty,
      license: fields.license, extra: fields.extra)
  }

  /// The members of one seed of a file, each checked as it is taken.
  private struct Fields {
    let position: Int
    var id: String?
    var instruction: String?
    var input: String?
    var output: String?
    var type: String?
    var topic: String?
    var view: String?
    var difficulty: Int?
    var license: String?
    var extra: [JSONMember] = []

    mutating func take(_ member: JSONMember) throws(ObjectFormatError) {
      switch member.name {
      case "id": id = try identifier(member.value)
      case "instruction": instruction = try text(member)
      case "input": input = try SeedFile.present(text(member))
      case "output": output = try text(member)
      case "type": type = try text(member)
      case "topic": topic = try text(member)
      case "view": view = try text(member)
      case "license": license = try text(member)
      case "difficulty": difficulty = try level(member.value)
      case "instances": try takeInstances(member)
      default: extra.append(member)
      }
    }

    private func text(_ member: JSONMember) throws(ObjectFormatError) -> String? {
      if member.value.isNull { return nil }
      guard let text = member.value.string else {
        throw SeedFile.failure(position, member.name, .expected("a string"))
      }
      return text
    }

    private func identifier(_ value: JSONValue) throws(ObjectFormatError) -> String? {
      if let number = value.int { return String(number) }
      guard let text = try text(JSONMember("id", value)) else { return nil }
      guard !text.utf8.isEmpty else { throw SeedFile.failure(position, "id", .invalid("it is empty")) }
      return text
    }

    private func level(_ value: JSONValue) throws(ObjectFormatError) -> Int? {
      if value.isNull { return nil }
      let level = value.int ?? value.string.flatMap { Int($0) }
      guard let level, Seed.difficulties.contains(level) else {
        throw SeedFile.failure(position, "difficulty", .expected("a number from 1 to 5"))
      }
      return level
    }

    /// Takes input and output of the first instance; more instances are kept as they are.
    private mutating func takeInstances(_ member: JSONMember) throws(ObjectFormatError) {
      guard let instances = member.value.array else {
        throw SeedFile.failure(position, "instances", .expected("an array of objects"))
      }
      if instances.count > 1 { extra.append(member) }
      guard let first = instances.first else { return }
      guard let members = first.object else {
        throw SeedFile.failure(position, "instances[0]", .expected("an object"))
      }
      for member in members {
        switch member.name {
        case "input": input = try SeedFile.present(text(member))
        case "output": output = try text(member)
        default: extra.append(JSONMember("instance.\(member.name)", member.value))
        }
      }
    }
  }

  /// The text of an input, or nil when the whole of it, but for white space, says that there is none.
  private static func present(_ text: String?) -> String? {
    guard let text else { return nil }
    let isText: (UInt8) -> Bool = { $0 > 0x20 }
    let bare = Array(text.utf8.drop { !isText($0) }.reversed().drop { !isText($0) }.reversed())
    return bare.isEmpty || bare.withUnsafeBufferPointer { Placeholders.contain($0) } ? nil : text
  }

  private static func failure(
    _ position: Int, _ member: String?, _ problem: ObjectFormatError.Problem
  ) -> ObjectFormatError {
    ObjectFormatError(kind: "seed file", path: "[\(position)]" + (member.map { ".\($0)" } ?? ""), problem)
  }
}
