import CUTF8Proc
import Glibc
import Records
import Testing

@testable import Curation

/// Cases whose answers are in the Unicode Standard. `oracles/normal_forms.py` compares whole texts with Python.
@Suite struct NormalFormTests {
  @Test(arguments: [
    ("", ""), ("  \t\r\n ", ""), ("  What  IS\n\nthis? ", "what is this?"),
    // Composed and decomposed, full width, ligature, sharp s, superscript, no-break and ideographic space.
    ("Cafe\u{301}", "caf\u{e9}"), ("\u{ff21}\u{ff22}\u{ff23}\u{ff11}", "abc1"), ("\u{fb01}ne", "fine"),
    ("Stra\u{df}e", "strasse"), ("STRASSE", "strasse"), ("m\u{b2}", "m2"), ("a\u{a0}\u{3000}b", "a b"),
    // Kelvin, final sigma, dotted capital I, Cherokee, soft hyphen and zero width space.
    ("\u{212a}", "k"), ("\u{3a3}\u{3c2}", "\u{3c3}\u{3c3}"), ("\u{130}", "i\u{307}"),
    ("\u{ab70}", "\u{13a0}"), ("a\u{ad}b\u{200b}c", "abc"),
    // Hangul of parts, and what is left alone.
    ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"), ("\u{65e5}\u{672c}", "\u{65e5}\u{672c}"), ("a\0b", "a\0b"),
  ])
  func known(text: String, form: String) {
    #expect(NormalForm.of(text) == Array(form.utf8))
  }

  @Test func normalisingTwiceChangesNothing() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<4_000 {
      var text = ""
      for _ in 0..<(1 + Int(random.next() % 6)) {
        if let scalar = Unicode.Scalar(UInt32(random.next() % 0x3_0000)) {
          text.unicodeScalars.append(scalar)
        }
      }
      let once = NormalForm.of(text)
      #expect(NormalForm.of(String(decoding: once, as: UTF8.self)) == once, "\(text.debugDescription)")
    }
  }

  /// One fold is what utf8proc makes of the text as a whole, whose order of marks takes the square of their number.
  @Test func aFoldIsThatOfTheLibrary() throws {
    var random = SplitMix64(seed: 11)
    // Marks of many classes, some that fold or decompose into others, Hangul, what is ignored, and letters around them.
    let marks = Array(
      "\u{301}\u{323}\u{345}\u{344}\u{340}\u{34F}\u{f71}\u{f73}\u{f81}\u{5b0}\u{64b}\u{3099}\u{1d165}\u{1d16e}\u{302a}"
        .unicodeScalars)
    let others = Array(
      "aIÅßﬁ\u{130}\u{1100}\u{1161}\u{11a8}\u{ac00}\u{fdfa}\u{200d}\u{ad}\u{1f80} が".unicodeScalars)
    for _ in 0..<6_000 {
      var text = ""
      for _ in 0..<(1 + random.next(below: 24)) {
        let scalars = random.next(below: 4) == 0 ? others : marks
        text.unicodeScalars.append(scalars[Int(random.next(below: UInt64(scalars.count)))])
        let any = random.next(below: 16) == 0 ? UInt32(random.next(below: 0x110000)) : 0xD800
        if let scalar = Unicode.Scalar(any) { text.unicodeScalars.append(scalar) }
      }
      let expected = try Self.utf8proc(text)
      #expect(CompatibilityFolding.folded(text).utf8.elementsEqual(expected), "\(text.debugDescription)")
    }
  }

  /// 800 kB of marks behind one letter, which takes minutes where each is moved past half of the others.
  @Test func anyNumberOfMarksIsPutInOrder() {
    let count = 200_000
    let text = "E" + String(repeating: "\u{301}\u{323}", count: count)
    let form = String(decoding: NormalForm.of(text), as: UTF8.self).unicodeScalars
    // The first mark below makes one letter with e, and all others above stand behind those below.
    #expect(form.count == 2 * count)
    #expect(form.first == "\u{1eb9}")
    #expect(form.dropFirst().prefix(count - 1).allSatisfy { $0 == "\u{323}" })
    #expect(form.suffix(count).allSatisfy { $0 == "\u{301}" })
  }

  private static func utf8proc(_ text: String) throws -> [UInt8] {
    var result: UnsafeMutablePointer<UInt8>?
    let bytes = Array(text.utf8)
    let length = utf8proc_map(bytes, bytes.count, &result, mdata_nfkc_casefold)
    defer { free(result) }
    return Array(UnsafeBufferPointer(start: try #require(result), count: length))
  }

  @Test func allTextsOfAPairAreNormalised() {
    let pair = Pair(
      instruction: " What? ", input: "X", output: "Yes.\n", system: "Be  Kind",
      turns: [.init(role: .user, content: "HI")])
    #expect(
      pair.normalised
        == Pair(
          instruction: "what?", input: "x", output: "yes.", system: "be kind",
          turns: [.init(role: .user, content: "hi")]))
    #expect(pair.only([.instruction]) == Pair(instruction: " What? ", output: ""))
    #expect(pair.only(Set(PairField.allCases)) == pair)
  }
}
