import Records
import Testing

@testable import Workbench

@Suite struct WordDiffTests {
  /// Kept and removed words are the old text, kept and added ones the new text, whatever the texts are.
  @Test(arguments: 0..<300) func piecesAddUpToBothSides(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let words = [
      "fever", "a", "  ", " ", "\n", "über", "发热", "\u{1F1E9}\u{1F1EA}", "e\u{301}", "dose", "5", "mg",
      "\r\n", ".",
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
    let pieces = WordDiff.pieces(from: old, to: new)
    func side(_ kind: WordPiece.Kind) -> [UInt8] {
      pieces.filter { $0.kind == .kept || $0.kind == kind }.flatMap { Array($0.text.utf8) }
    }
    #expect(side(.removed) == Array(old.utf8))
    #expect(side(.added) == Array(new.utf8))
    for (left, right) in zip(pieces, pieces.dropFirst()) { #expect(left.kind != right.kind) }
    for piece in pieces { #expect(!piece.text.isEmpty) }
  }

  @Test func showsOnlyTheWordsThatChanged() {
    let pieces = WordDiff.pieces(from: "Take 5 mg twice daily.", to: "Take 10 mg twice daily.")
    #expect(
      pieces == [
        WordPiece(kind: .kept, text: "Take "), WordPiece(kind: .removed, text: "5"),
        WordPiece(kind: .added, text: "10"),
        WordPiece(kind: .kept, text: " mg twice daily."),
      ])
    #expect(WordDiff.pieces(from: "same", to: "same") == [WordPiece(kind: .kept, text: "same")])
    #expect(WordDiff.pieces(from: "", to: "new") == [WordPiece(kind: .added, text: "new")])
    #expect(WordDiff.pieces(from: "", to: "") == [])
  }

  /// Two spellings of one letter are equal as `String`s and different as data.
  @Test func comparesBytes() {
    let pieces = WordDiff.pieces(from: "caf\u{E9}", to: "cafe\u{301}")
    #expect(pieces.map(\.kind) == [.removed, .added])
  }

  @Test func givesUpOnVeryLongTextsWithoutLosingAWord() {
    let old = (0..<5000).map { "a\($0)" }.joined(separator: " ")
    let new = "start " + (0..<5000).map { "b\($0)" }.joined(separator: " ")
    let pieces = WordDiff.pieces(from: old, to: new)
    #expect(pieces == [WordPiece(kind: .removed, text: old), WordPiece(kind: .added, text: new)])
  }
}
