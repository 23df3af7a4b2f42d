/// A stretch of words that both sides have, or one of them.
public struct WordPiece: Sendable, Equatable {
  /// Which side has it.
  public enum Kind: Sendable { case kept, removed, added }
  /// Which side has it.
  public var kind: Kind
  /// The words with the white space between them, as written.
  public var text: String
}

/// The difference of two texts by words: a shortest edit script (Myers 1986, as the standard library computes it)
/// over words and the white space between them, compared as bytes.
enum WordDiff {
  /// Beyond this many words the script is not worth its quadratic worst case: the differing middle is shown whole.
  private static let mostWords = 4000

  static func pieces(from old: String, to new: String) -> [WordPiece] {
    let left = words(old)
    let right = words(new)
    var prefix = 0
    while prefix < min(left.count, right.count), left[prefix] == right[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < min(left.count, right.count) - prefix,
      left[left.count - 1 - suffix] == right[right.count - 1 - suffix]
    {
      suffix += 1
    }
    let before = left[prefix..<(left.count - suffix)]
    let after = right[prefix..<(right.count - suffix)]
    var script = Script()
    script.add(.kept, left[..<prefix])
    if before.count + after.count > mostWords {
      script.add(.removed, before)
      script.add(.added, after)
    } else {
      middle(Array(before), Array(after), into: &script)
    }
    script.add(.kept, left[(left.count - suffix)...])
    return script.pieces
  }

  private static func middle(
    _ before: [ArraySlice<UInt8>], _ after: [ArraySlice<UInt8>], into script: inout Script
  ) {
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in after.difference(from: before) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      if removed.contains(i) {
        script.add(.removed, before[i...i])
        i += 1
      } else if added.contains(j) {
        script.add(.added, after[j...j])
        j += 1
      } else {
        script.add(.kept, before[i...i])
        i += 1
        j += 1
      }
    }
  }

  /// Runs of white space and runs of anything else, in order.
  private static func words(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var words: [ArraySlice<UInt8>] = []
    var start = 0
    for position in bytes.indices.dropFirst() where isSpace(bytes[position]) != isSpace(bytes[position - 1]) {
      words.append(bytes[start..<position])
      start = position
    }
    if start < bytes.count { words.append(bytes[start...]) }
    return words
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// Pieces as they grow: words of one kind in a row become one piece, removed ones before added ones.
  private struct Script {
    private(set) var pieces: [WordPiece] = []

    mutating func add(_ kind: WordPiece.Kind, _ words: ArraySlice<ArraySlice<UInt8>>) {
      guard !words.isEmpty else { return }
      let text = String(decoding: words.joined(), as: UTF8.self)
      if pieces.last?.kind == kind {
        pieces[pieces.count - 1].text += text
      } else {
        pieces.append(WordPiece(kind: kind, text: text))
      }
    }
  }
}
