import Records

/// One prompt.
struct SamplePrompt: Equatable {
  var system: String?
  var instruction: String
  var input: String?
  /// The members of the line it came from.
  var members: [JSONMember] = []
}

/// The prompts of a file: a JSON object a line, with `instruction` and perhaps `input` and `system`, or with `prompt`.
struct SamplePrompts {
  /// Most bytes of such a file.
  static let longest = 1 << 30
  let name: String

  /// - Throws: ``Failure`` with the file, line and byte of the first line that is no prompt.
  func read(_ bytes: [UInt8], isPlain: Bool) throws -> [SamplePrompt] {
    var prompts: [SamplePrompt] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      prompts.append(try prompt(Array(bytes[start..<end]), number: prompts.count + 1, start: start, isPlain))
      start = end + 1
    }
    guard !prompts.isEmpty else { throw Failure(.data, "`\(name)` has no lines, and so no prompts") }
    return prompts
  }

  private func prompt(_ line: [UInt8], number: Int, start: Int, _ isPlain: Bool) throws -> SamplePrompt {
    func refuse(_ reason: String, at byte: Int = 0) -> Failure {
      Failure(
        .data, "\(name), line \(number) (byte \(start + byte)): \(reason)",
        hint: "a line is an object with `instruction`, and perhaps `input` and `system`, or with `prompt`")
    }
    let value: JSONValue
    do {
      value = try JSON.parse(line)
    } catch {
      throw refuse(error.reason.message, at: error.byte)
    }
    guard let members = value.object else { throw refuse("it is not an object") }
    func text(_ key: String) throws -> String? {
      guard let found = value[key], !found.isNull else { return nil }
      guard let text = found.string else { throw refuse("`\(key)` is not a text") }
      return text
    }
    // Rows of data name the prompt of their teacher in a column `prompt`: beside an instruction it is not what is asked.
    let instruction = try text("instruction")
    guard let asked = try instruction ?? text("prompt") else {
      throw refuse("it has neither `instruction` nor `prompt`")
    }
    if isPlain, instruction != nil {
      throw refuse("it has `instruction`, which `--template none` has no way to write: give `prompt`")
    }
    return SamplePrompt(
      system: try text("system"), instruction: asked,
      input: instruction == nil ? nil : try text("input"), members: members)
  }
}
