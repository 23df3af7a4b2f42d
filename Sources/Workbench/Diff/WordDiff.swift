/// A stretch of words that both sides have, or one of them.
public struct WordPiece: Sendable, Equatable {
  /// Which side has it.
  public enum Kind: Sendable { case kept, removed, added }
  /// Which side has it.
  public var kind: Kind
  /// The words with the white space between them, as written.
  public var text: String
}

/// The difference of two texts by words (``WordTokens``), compared as bytes.
///
/// Whatever the texts are, kept and removed pieces are the old text, kept and added ones the new text.
enum WordDiff {
  static func pieces(from old: String, to new: String) -> [WordPiece] {
    let (left, right) = (WordTokens(old), WordTokens(new))
    let most = min(left.count, right.count)
    var prefix = 0
    while prefix < most, left[prefix] == right[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < most - prefix, left[left.count - 1 - suffix] == right[right.count - 1 - suffix] {
      suffix += 1
    }
    var numbers: [ArraySlice<UInt8>: Int32] = [:]
    func numbered(_ tokens: WordTokens) -> [Int32] {
      (prefix..<tokens.count - suffix).map { position in
        let next = Int32(truncatingIfNeeded: numbers.count)
        if let known = numbers[tokens[position]] { return known }
        numbers[tokens[position]] = next
        return next
      }
    }
    var runs = [CommonRun(old: 0, new: 0, count: prefix)]
    for run in CommonRuns.between(numbered(left), numbered(right)) {
      runs.append(CommonRun(old: prefix + run.old, new: prefix + run.new, count: run.count))
    }
    runs.append(CommonRun(old: left.count - suffix, new: right.count - suffix, count: suffix))
    return pieces(left, right, runs)
  }

  private static func pieces(_ left: WordTokens, _ right: WordTokens, _ runs: [CommonRun]) -> [WordPiece] {
    var pieces: [WordPiece] = []
    func add(_ kind: WordPiece.Kind, _ tokens: WordTokens, _ range: Range<Int>) {
      guard !range.isEmpty else { return }
      pieces.append(WordPiece(kind: kind, text: tokens.text(range)))
    }
    // Where what is not yet in a piece begins: kept words up to `(old, new)`, then the change that follows them.
    var kept = 0..<0
    var (old, new) = (0, 0)
    for (index, run) in runs.enumerated() {
      let isReplaced = run.old > old && run.new > new
      // White space between two replaced words belongs to the change: `[-two words-]{+other ones+}`.
      if isReplaced, index + 1 < runs.count, run.count > 0,
        runs[index + 1].old > run.old + run.count, runs[index + 1].new > run.new + run.count,
        (run.new..<run.new + run.count).allSatisfy(right.isSpace)
      {
        continue
      }
      if run.old > old || run.new > new {
        add(.kept, right, kept)
        add(.removed, left, old..<run.old)
        add(.added, right, new..<run.new)
        kept = run.new..<run.new + run.count
      } else {
        kept = kept.lowerBound..<run.new + run.count
      }
      (old, new) = (run.old + run.count, run.new + run.count)
    }
    add(.kept, right, kept)
    return pieces
  }
}
