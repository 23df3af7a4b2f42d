import Records
import Testing

@testable import Workbench

@Suite struct WordDiffTests {
  /// Kept and removed words are the old text, kept and added ones the new text, whatever the texts are.
  @Test(arguments: 0..<300) func piecesAddUpToBothSides(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let words = [
      "fever", "a", "  ", " ", "\n", "über", "发热", "\u{1F1E9}\u{1F1EA}", "e\u{301}", "dose", "5", "mg",
      "\r\n", ".", "\u{301}", "か\u{3099}", "ปวดหัว", "\u{3000}", "\u{200D}", "\u{A0}", "漢\u{E0100}",
    ]
    func text() -> String {
      (0..<Int.random(in: 0...25, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        .joined()
    }
    let old = text()
    var new = text()
    if Bool.random(using: &random) {
      // Mostly the same text, as an edit is.
      new = String(old.dropLast(Int.random(in: 0...3, using: &random))) + new.prefix(4)
    }
    expectBothSides(old, new)
  }

  @discardableResult
  private func expectBothSides(_ old: String, _ new: String) -> [WordPiece] {
    let pieces = WordDiff.pieces(from: old, to: new)
    func side(_ kind: WordPiece.Kind) -> [UInt8] {
      pieces.filter { $0.kind == .kept || $0.kind == kind }.flatMap { Array($0.text.utf8) }
    }
    #expect(side(.removed) == Array(old.utf8))
    #expect(side(.added) == Array(new.utf8))
    for (left, right) in zip(pieces, pieces.dropFirst()) { #expect(left.kind != right.kind) }
    for piece in pieces { #expect(!piece.text.isEmpty) }
    return pieces
  }

  /// `kept[-removed-]{+added+}`.
  private func marked(_ old: String, _ new: String) -> String {
    expectBothSides(old, new).map { piece in
      switch piece.kind {
      case .kept: piece.text
      case .removed: "[-\(piece.text)-]"
      case .added: "{+\(piece.text)+}"
      }
    }.joined()
  }

  @Test func showsOnlyTheWordsThatChanged() {
    #expect(marked("Take 5 mg twice daily.", "Take 10 mg twice daily.") == "Take [-5-]{+10+} mg twice daily.")
    #expect(marked("same", "same") == "same")
    #expect(marked("", "new") == "{+new+}")
    #expect(marked("", "") == "")
    #expect(marked("a b c", "a c") == "a [-b -]c")
  }

  /// White space between two replaced words is part of the change, as a reader sees it.
  @Test func replacedWordsInARowAreOneChange() {
    #expect(
      marked("Take two tablets at night.", "Take one dose at night.")
        == "Take [-two tablets-]{+one dose+} at night.")
    #expect(marked("two big dogs", "one big cat") == "[-two-]{+one+} big [-dogs-]{+cat+}")
  }

  /// Scripts without spaces are compared character by character, and no character is cut in two.
  @Test func scriptsWithoutSpaces() {
    #expect(marked("体温高于正常范围。", "体温低于正常范围。") == "体温[-高-]{+低+}于正常范围。")
    #expect(marked("頭が痛い", "頭か痛い") == "頭[-が-]{+か+}痛い")
    // A voiced mark of its own, a variation selector, a vowel sign: each stays with its character.
    #expect(marked("頭か\u{3099}痛い", "頭か痛い") == "頭[-か\u{3099}-]{+か+}痛い")
    #expect(marked("漢\u{E0100}字", "漢字") == "[-漢\u{E0100}-]{+漢+}字")
    #expect(marked("ปวดหัวมาก", "ปวดท้องมาก").hasPrefix("ปวด"))
    // Korean has spaces.
    #expect(marked("열이 높다", "열이 낮다") == "열이 [-높다-]{+낮다+}")
  }

  @Test func combiningMarksStayWithTheirLetters() {
    #expect(marked("cafe\u{301} noir", "cafe noir") == "[-cafe\u{301}-]{+cafe+} noir")
    #expect(marked("a \u{301}b", "a b").contains("[- \u{301}-]"))
    #expect(marked("👩‍⚕️ a", "👨‍⚕️ a") == "[-👩‍⚕️-]{+👨‍⚕️+} a")
  }

  /// Two spellings of one letter are equal as `String`s and different as data.
  @Test func comparesBytes() {
    let pieces = WordDiff.pieces(from: "caf\u{E9}", to: "cafe\u{301}")
    #expect(pieces.map(\.kind) == [.removed, .added])
  }

  /// A few edits far apart in 100 kB are found, whatever lies between them.
  @Test func findsFewEditsInLongTexts() {
    var random = SplitMix64(seed: 9)
    let words = (0..<20_000).map { _ in "w\(Int.random(in: 0..<500, using: &random))" }
    var edited = words
    edited[10] = "FIRST"
    edited.remove(at: 10_000)
    edited.insert("LAST", at: 19_990)
    let pieces = expectBothSides(words.joined(separator: " "), edited.joined(separator: " "))
    #expect(pieces.count { $0.kind != .kept } == 4)
  }

  /// Beyond what a shortest script is looked for, words that both have once hold the texts together.
  @Test func anchorsHoldLongTextsTogether() {
    let old = (0..<4_000).flatMap { ["a\($0)", "kept\($0)"] }
    let new = (0..<4_000).flatMap { ["b\($0)", "kept\($0)"] }
    let pieces = expectBothSides(old.joined(separator: " "), new.joined(separator: " "))
    #expect(pieces.count { $0.kind == .kept } == 4_000)
  }

  @Test func givesUpOnVeryLongTextsWithoutLosingAWord() {
    let old = (0..<5000).map { "a\($0)" }.joined(separator: " ")
    let new = "start " + (0..<5000).map { "b\($0)" }.joined(separator: " ")
    let pieces = WordDiff.pieces(from: old, to: new)
    #expect(pieces == [WordPiece(kind: .removed, text: old), WordPiece(kind: .added, text: new)])
  }

  /// A shortest script: as many words in common as the quadratic method finds.
  @Test(arguments: 0..<60) func scriptsAreShortest(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    func sequence() -> [Int32] {
      (0..<Int.random(in: 0...40, using: &random)).map { _ in Int32.random(in: 0..<6, using: &random) }
    }
    let (old, new) = (sequence(), sequence())
    var lengths = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
    for i in old.indices {
      for j in new.indices {
        lengths[i + 1][j + 1] =
          old[i] == new[j] ? lengths[i][j] + 1 : max(lengths[i][j + 1], lengths[i + 1][j])
      }
    }
    let runs = CommonRuns.between(old, new)
    #expect(runs.reduce(0) { $0 + $1.count } == lengths[old.count][new.count])
    for run in runs { #expect(old[run.old..<run.old + run.count] == new[run.new..<run.new + run.count]) }
    for (left, right) in zip(runs, runs.dropFirst()) {
      #expect(left.old + left.count <= right.old && left.new + left.count <= right.new)
    }
  }
}
