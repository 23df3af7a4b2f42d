import CUTF8Proc

/// The form in which texts are compared that differ only in case, in spacing or in how their characters are encoded.
///
/// NFKC_Casefold of the Unicode Standard (chapter 3.13, D146), repeated until nothing changes, without characters that
/// are ignorable by default; then each run of white space is one space, and none is left at either end.
public enum NormalForm {
  /// Names the form and the Unicode version whose tables it is made with: results of other versions may differ in
  /// characters that were assigned between them.
  public static var version: String { "nfkc-casefold/\(String(cString: utf8proc_unicode_version()))" }

  /// The normal form of a text, as UTF-8.
  public static func of(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { utf8 in utf8.allSatisfy { $0 < 0x80 } ? ascii(utf8) : nil } ?? folded(text)
  }

  /// The normal form as text.
  public static func text(of text: String) -> String { String(decoding: of(text), as: UTF8.self) }

  /// Most text needs no table.
  private static func ascii(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(utf8.count)
    var space = false
    for byte in utf8 {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        space = !result.isEmpty
        continue
      }
      if space { result.append(0x20) }
      space = false
      result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return result
  }

  private static func folded(_ original: String) -> [UInt8] {
    var text = original
    // Folding a compatibility form can give what folds once more; no text was found that takes more than twice.
    for _ in 0..<4 {
      let next = CompatibilityFolding.folded(text)
      // As bytes: strings are equal in any encoding of their characters.
      if next.utf8.elementsEqual(text.utf8) { break }
      text = next
    }
    var result = ""
    var space = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        space = !result.isEmpty
      } else {
        if space { result.unicodeScalars.append(" ") }
        space = false
        result.unicodeScalars.append(scalar)
      }
    }
    return Array(result.utf8)
  }
}
