/// A prompt template, or a text that goes into one, under the name that recipes and batches call it by.
public struct Prompt: Sendable {
  /// Its name, unique within its batch.
  public var name: String
  /// Its text.
  public var text: String

  /// A prompt.
  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// The canonical bytes that the prompt's object id hashes: `{"kind":"prompt","name","text","v":1}`.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "prompt")
    list.add("v", 1)
    list.add("name", name)
    list.add("text", text)
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a prompt from its canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "prompt", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      return Prompt(name: try reader.nonEmpty("name"), text: try reader.string("text"))
    }
  }
}

extension Prompt: Equatable {
  /// Prompts are equal when their canonical bytes are.
  public static func == (left: Prompt, right: Prompt) -> Bool { left.canonicalBytes == right.canonicalBytes }
}
