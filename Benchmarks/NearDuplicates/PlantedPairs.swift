import Glibc
import Records

/// Synthetic instruction and response pairs, one a line, separated by a tab. A fifth are copies of others: exact, in other
/// case, with 5, 10 or 25 % of the words edited, or with the end cut off. The same rows give the same file.
struct PlantedPairs {
  private var random = SplitMix64(seed: 1)
  private var words: [String] = []
  private var successors: [[UInt32]] = []
  private var rows: [(instruction: [UInt32], response: [UInt32], original: Int, kind: Kind)] = []

  private enum Kind: String, CaseIterable {
    case unique = "u"
    case exact, letters = "case", edit5, edit10, trunc, edit25
    /// Of a hundred copies.
    var share: UInt64 {
      switch self {
      case .unique: 0
      case .exact: 25
      case .letters: 20
      case .edit5, .edit10, .trunc: 15
      case .edit25: 10
      }
    }
  }

  init(rows count: Int) {
    makeLanguage()
    let originals = count * 4 / 5
    for row in 0..<originals {
      let instruction = text(words: 6 + Int(random.next(below: 20)))
      // The sum of some dice: long answers are rarer than short ones.
      let length = 20 + Int(random.next(below: 60)) + Int(random.next(below: 4)) * Int(random.next(below: 50))
      rows.append((instruction, text(words: length), row, .unique))
    }
    while rows.count < count {
      let original = Int(random.next(below: UInt64(originals)))
      rows.append(copy(of: original))
    }
  }

  /// 24,000 words of syllables, each with some that often follow it; frequent ones follow many.
  private mutating func makeLanguage() {
    let syllables = [
      "ba", "ce", "di", "fo", "gu", "ha", "ki", "le", "mo", "nu", "pra", "ste", "tri", "vo", "zen", "qua",
    ]
    for number in 0..<24_000 {
      var rest = number
      var word = ""
      repeat {
        word += syllables[rest % 16]
        rest /= 16
      } while rest > 0
      words.append(word)
    }
    for _ in words {
      successors.append((0..<(1 + Int(random.next(below: 30)))).map { _ in word() })
    }
  }

  /// Any word, roughly as often as one over its number.
  private mutating func word() -> UInt32 {
    let exponent = Double(random.next(below: 1 << 20)) / Double(1 << 20)
    return UInt32(pow(Double(words.count), exponent)) - 1
  }

  private mutating func text(words count: Int) -> [UInt32] {
    var text = [word()]
    while text.count < count {
      let following = successors[Int(text[text.count - 1])]
      text.append(
        random.next(below: 100) < 15 ? word() : following[Int(random.next(below: UInt64(following.count)))])
    }
    return text
  }

  private mutating func copy(
    of row: Int
  ) -> (instruction: [UInt32], response: [UInt32], original: Int, kind: Kind) {
    var (instruction, response, _, _) = rows[row]
    var place = random.next(below: 100)
    var kind = Kind.exact
    for next in Kind.allCases {
      if place < next.share {
        kind = next
        break
      }
      place -= next.share
    }
    switch kind {
    case .edit5, .edit10, .edit25:
      let percent: UInt64 = kind == .edit5 ? 5 : kind == .edit10 ? 10 : 25
      instruction = edited(instruction, percent)
      response = edited(response, percent)
    case .trunc: response.removeLast(response.count * (5 + Int(random.next(below: 21))) / 100)
    case .unique, .exact, .letters: break
    }
    return (instruction, response, row, kind)
  }

  private mutating func edited(_ text: [UInt32], _ percent: UInt64) -> [UInt32] {
    var result: [UInt32] = []
    for word in text {
      guard random.next(below: 100) < percent else {
        result.append(word)
        continue
      }
      switch random.next(below: 10) {
      case 0..<6: result.append(self.word())
      case 6..<8: break
      default: result += [word, self.word()]
      }
    }
    return result.isEmpty ? [0] : result
  }

  /// Writes the rows in a random order, and to a file with `.truth` added which was made from which.
  mutating func write(to path: String) throws {
    let order = Array(0..<rows.count).shuffled(using: &random)
    var places = order
    for (place, row) in order.enumerated() { places[row] = place }
    guard let file = fopen(path, "w"), let truth = fopen(path + ".truth", "w") else {
      fail("cannot write \(path)")
    }
    defer {
      fclose(file)
      fclose(truth)
    }
    for row in order {
      let (instruction, response, original, kind) = rows[row]
      let line = render(instruction, kind) + "\t" + render(response, kind) + "\n"
      fputs(line, file)
      fputs("\(places[original])\t\(kind.rawValue)\n", truth)
    }
  }

  private mutating func render(_ text: [UInt32], _ kind: Kind) -> String {
    text.map { id in
      let word = words[Int(id)]
      return kind == .letters && random.next(below: 3) == 0 ? word.uppercased() : word
    }.joined(separator: " ")
  }
}
