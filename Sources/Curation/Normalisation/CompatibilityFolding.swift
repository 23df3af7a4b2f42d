import CUTF8Proc

/// NFKC_Casefold of the Unicode Standard (chapter 3.13, D146) without what is ignorable by default, applied once, in time in
/// proportion to the text but for a logarithm.
///
/// What each character becomes and what is composed are utf8proc's. It orders marks by exchanging neighbours, which takes
/// the square of how many stand in a row, and a text may be nothing but marks: here they are sorted.
enum CompatibilityFolding {
  /// The folded text.
  static func folded(_ text: String) -> String {
    var scalars = decomposed(text)
    order(&scalars)
    let count = utf8proc_normalize_utf32(&scalars, scalars.count, mdata_nfkc_casefold)
    var result = ""
    for value in scalars.prefix(max(0, count)) {
      // Tables of characters map to characters.
      if let scalar = Unicode.Scalar(UInt32(bitPattern: value)) { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// What the characters become one by one.
  private static func decomposed(_ text: String) -> [utf8proc_int32_t] {
    var scalars: [utf8proc_int32_t] = []
    scalars.reserveCapacity(text.utf8.count)
    // The longest decomposition, that of U+FDFA, has 18 characters.
    var piece = [utf8proc_int32_t](repeating: 0, count: 32)
    for scalar in text.unicodeScalars {
      func decompose() -> Int {
        utf8proc_decompose_char(
          utf8proc_int32_t(bitPattern: scalar.value), &piece, piece.count, mdata_nfkc_casefold, nil)
      }
      var count = decompose()
      if count > piece.count {
        piece = [utf8proc_int32_t](repeating: 0, count: count)
        count = decompose()
      }
      scalars += piece.prefix(max(0, count))
    }
    return scalars
  }

  /// The Canonical Ordering Algorithm (chapter 3.11, D109): marks in a row by their combining class, those of one class as
  /// they stand.
  private static func order(_ scalars: inout [utf8proc_int32_t]) {
    let classes = scalars.map { utf8proc_get_property($0).pointee.combining_class }
    var start = 0
    while start < scalars.count {
      var end = start + 1
      if classes[start] > 0 { while end < scalars.count, classes[end] > 0 { end += 1 } }
      let places = start..<end
      if zip(places, places.dropFirst()).contains(where: { classes[$0] > classes[$1] }) {
        let ordered = places.sorted { (classes[$0], $0) < (classes[$1], $1) }
        scalars.replaceSubrange(places, with: ordered.map { scalars[$0] })
      }
      start = end
    }
  }
}
