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
