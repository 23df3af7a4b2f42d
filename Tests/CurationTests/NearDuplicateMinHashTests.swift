import Records
import Testing

@testable import Curation

@Suite struct NearDuplicateMinHashTests {
  /// The mean of many estimates is the similarity, for sets larger and smaller than the signature.
  @Test(arguments: [12, 60, 400])
  func estimatesAreRightOnAverage(size: Int) throws {
    var random = SplitMix64(seed: 31)
    let minHash = try MinHash(n: 1, permutations: 64)
    for share in [0.2, 0.5, 0.9] {
      let common = Int(share * Double(size))
      let exact = Double(common) / Double(2 * size - common)
      var sum = 0.0
      var squares = 0.0
      let rounds = 400
      for _ in 0..<rounds {
        let ids = (0..<2 * size - common).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        let one = minHash.signature(of: ids[..<size])
        let other = minHash.signature(of: ids[(size - common)...].reversed())
        let estimate = minHash.estimate(one, other)
        sum += estimate
        squares += (estimate - exact) * (estimate - exact)
      }
      // Four standard errors of the mean; densified bins of small sets vary more than independent ones.
      let deviation = (squares / Double(rounds)).squareRoot()
      #expect(abs(sum / Double(rounds) - exact) < 4 * deviation / Double(rounds).squareRoot() + 0.002)
      if size > 64 { #expect(deviation < 0.5 / 8 * 1.2) }
    }
  }

  @Test func aSignatureIsThatOfTheSet() throws {
    let minHash = try MinHash(n: 2, permutations: 16)
    #expect(minHash.signature(of: [1, 2, 1, 2, 1]) == minHash.signature(of: [2, 1, 2]))
    #expect(minHash.signature(of: [1, 2]) != minHash.signature(of: [2, 1]))
    #expect(minHash.signature(of: []) == Array(repeating: .max, count: 16))
    #expect(minHash.signature(of: [7]).count == 16)
  }

  /// Exchanged with other programs, so that an accidental change must fail.
  @Test func valuesStayTheSame() throws {
    let minHash = try MinHash(n: 2, permutations: 4)
    #expect(
      minHash.signature(of: 0..<100).map { $0 >> 32 } == [
        8_305_428, 1_087_629_329, 2_165_210_791, 3_337_053_358,
      ])
  }

  @Test func parametersAreChecked() {
    #expect(throws: NearDuplicateError.permutations(0)) { try MinHash(permutations: 0) }
    #expect(throws: NearDuplicateError.gramLength(0)) { try MinHash(n: 0) }
  }
}
