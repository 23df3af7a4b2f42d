import Curation

extension FuzzTarget {
  /// Any bytes as a text, cut in two by the first zero byte.
  ///
  /// The form of a form is the form; it has single spaces and no capital ASCII letters; that of two texts with a line's end
  /// between is the two forms with a space between.
  static let normalForm = FuzzTarget("normal-form", longest: 1024) { input in
    let cut = input.firstIndex(of: 0) ?? input.count
    let one = String(decoding: input[..<cut], as: UTF8.self)
    let other = String(decoding: input[min(cut + 1, input.count)...], as: UTF8.self)
    let (first, second) = (NormalForm.of(one), NormalForm.of(other))
    guard let text = String(validating: first, as: UTF8.self) else {
      throw BrokenPromise("a form that is no UTF-8")
    }
    try promise(NormalForm.of(text) == first, "a form that has another: \(text.debugDescription)")
    try promise(first.first != 0x20 && first.last != 0x20, "a space at an end: \(text.debugDescription)")
    try promise(
      !zip(first, first.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 },
      "two spaces: \(text.debugDescription)")
    try promise(!first.contains { 0x41...0x5A ~= $0 }, "a capital letter: \(text.debugDescription)")
    let space: [UInt8] = first.isEmpty || second.isEmpty ? [] : [0x20]
    try promise(
      NormalForm.of(one + "\n" + other) == first + space + second,
      "forms reach across a line's end: \(one.debugDescription), \(other.debugDescription)")
    return true
  }
}
