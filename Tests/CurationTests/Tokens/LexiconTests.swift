import Records
import Testing

@testable import Curation

@Suite struct LexiconTests {
  private func id(_ token: [UInt8], _ lexicon: inout Lexicon) -> UInt32 {
    token.withUnsafeBufferPointer { lexicon.id(of: $0) }
  }

  @Test func numbersInTheOrderOfFirstUse() {
    var lexicon = Lexicon()
    #expect(
      ["b", "a", "b", "pneumothorax", "", "a", ""].map { id(Array($0.utf8), &lexicon) } == [
        0, 1, 0, 2, 3, 1, 3,
      ])
    #expect(lexicon.count == 4)
    #expect(String(decoding: lexicon[2], as: UTF8.self) == "pneumothorax")
    #expect(lexicon[3].isEmpty)
    let known = Array("a".utf8), unknown = Array("pneumothoraz".utf8)
    #expect(known.withUnsafeBufferPointer { lexicon.existingID(of: $0) } == 1)
    #expect(unknown.withUnsafeBufferPointer { lexicon.existingID(of: $0) } == nil)
    #expect(lexicon.count == 4)
  }

  /// Against a dictionary, with tokens that differ in length only, in one byte only, in zeros at the end.
  @Test(arguments: [0, 1, 0x9E37_79B9_7F4A_7C15] as [UInt64]) func sameAsADictionary(seed: UInt64) {
    var random = SplitMix64(seed: 21)
    var lexicon = Lexicon(seed: seed)
    var known: [[UInt8]: UInt32] = [:]
    for _ in 0..<30_000 {
      var token = [UInt8](
        repeating: random.next(below: 4) == 0 ? 0 : 0x61, count: Int(random.next(below: 30)))
      if !token.isEmpty {
        for _ in 0..<2 { token[Int(random.next(below: UInt64(token.count)))] = UInt8(random.next(below: 8)) }
      }
      let expected = known[token] ?? UInt32(known.count)
      known[token] = expected
      #expect(id(token, &lexicon) == expected)
    }
    #expect(lexicon.count == known.count && lexicon.count > 4096)
    #expect(known.allSatisfy { lexicon[$0.value].elementsEqual($0.key) })
  }

  /// A run is the token in lower case, however long it is and whatever follows it.
  @Test func runsAreTheirLowerCase() {
    var lexicon = Lexicon()
    for length in 1...40 {
      let word = (0..<length).map { UInt8(0x41 + ($0 * 7 + length) % 26) }
      let lowered = id(word.map { $0 | 0x20 }, &lexicon)
      for tail in [UInt8(ascii: " "), 0xFF, 0x5A] {
        (word + [UInt8](repeating: tail, count: 9)).withUnsafeBufferPointer {
          #expect(lexicon.id(ofRun: UnsafeBufferPointer(rebasing: $0[..<length])) == lowered)
        }
      }
    }
    #expect(lexicon.count == 40)
  }

  @Test func idsOfAText() {
    var encoder = TokenEncoder(.rouge)
    var lists = TokenLists()
    for text in ["the heart, the lungs", "", "Heart"] { encoder.append(text, to: &lists) }
    #expect(lists.count == 3)
    #expect(Array(lists[0]) == [0, 1, 0, 2])
    #expect(lists[1].isEmpty)
    #expect(Array(lists[2]) == [1])
    #expect(lists.offsets == [0, 4, 4, 5])
    // What comes later has the same ids.
    var later = TokenEncoder(.rouge, lexicon: encoder.lexicon)
    later.append("lungs spleen", to: &lists)
    #expect(Array(lists[3]) == [2, 3])
  }
}
