/// Inputs that mean "there is no input".
///
/// Only a whole value counts, and only in these spellings: `<noinput>`, `N/A` and `none` in any letter case, `NA`
/// in capitals (in small letters it is a word, or sodium). "DNA" or "none of these" are inputs.
enum Placeholders {
  /// Whether a string's characters are one of them. `text` is the inside of a JSON string.
  @inline(__always)
  static func contain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 9, let first = text.first else { return false }
    guard first == UInt8(ascii: "<") || first | 0x20 == UInt8(ascii: "n") else { return false }
    return isListed(text)
  }

  private static func isListed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.elementsEqual("NA".utf8) { return true }
    let lower = text.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
    return ["<noinput>", "n/a", "none"].contains { lower.elementsEqual($0.utf8) }
  }
}
