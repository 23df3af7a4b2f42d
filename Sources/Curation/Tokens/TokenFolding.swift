import CUTF8Proc
import Glibc

/// How the segments of a text become tokens that are equal when they differ only in case and encoding.
///
/// Canonical caseless matching of the Unicode Standard (chapter 3.13, D145) without what is ignorable by default, such as
/// soft hyphens: NFC(toCasefold(NFD(segment))), with full case folding. Compatibility characters stay as they are.
enum TokenFolding {
  /// The version of Unicode that folds: that of the utf8proc library.
  static var unicodeVersion: String { String(cString: utf8proc_unicode_version()) }

  /// How many bytes are folded at once. The time that marks are put in order in grows with the square of their number,
  /// and a word may be made of any number of them.
  private static let longest = 512

  /// The token of a segment. Empty when all of the segment is ignorable; the segment itself when it is no UTF-8.
  ///
  /// What is longer than 512 bytes, which no word is, is folded in pieces, cut before a character that is no mark if there
  /// is one.
  static func token(of segment: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard segment.count > longest else { return folded(segment) }
    var token: [UInt8] = []
    var start = 0
    while start < segment.count {
      let end = cut(segment, from: start)
      token += folded(UnsafeBufferPointer(rebasing: segment[start..<end]))
      start = end
    }
    return token
  }

  /// Where the piece that begins at `start` ends.
  private static func cut(_ segment: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = segment.baseAddress, segment.count - start > longest else { return segment.count }
    var latest = start + longest
    while latest > start + longest - 4, segment[latest] & 0xC0 == 0x80 { latest -= 1 }
    var end = latest
    while end > start {
      let scalar = UTF8Decoding.scalar(base, at: end, end: segment.count).value
      if segment[end] & 0xC0 != 0x80, !ScalarProperties.shared[scalar].wordBreak.isIgnored { return end }
      end -= 1
    }
    return latest
  }

  private static func folded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: UnsafeMutablePointer<UInt8>?
    let length = mdata_nfc_casefold(text.baseAddress, text.count, &result)
    defer { free(result) }
    // It fails for what is no UTF-8, and for want of memory.
    guard let result, length >= 0 else { return Array(text) }
    return Array(UnsafeBufferPointer(start: result, count: length))
  }
}
