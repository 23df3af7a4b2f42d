/// Notices the second of two equal names in one object, comparing bytes.
struct SeenNames {
  private var set: Set<NameBytes> = []

  /// Adds a name that follows these members; false when one of them has it already.
  mutating func insert(_ name: String, after members: [JSONMember]) -> Bool {
    // A few names are compared one by one; from the seventeenth on a set keeps the cost linear.
    if members.count < 16 {
      return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }
    if set.isEmpty { for member in members { set.insert(NameBytes(text: member.name)) } }
    return set.insert(NameBytes(text: name)).inserted
  }
}

/// A string that hashes and compares as its UTF-8 bytes.
struct NameBytes: Hashable {
  let text: String

  static func == (left: NameBytes, right: NameBytes) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
