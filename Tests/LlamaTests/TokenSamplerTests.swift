import Glibc
import Testing

@testable import Llama

@Suite struct TokenSamplerTests {
  private func draws(_ logits: [Float], _ settings: SamplingSettings, count: Int = 1) throws -> [Int32] {
    let kernels = try Kernels(threads: 1, path: .best)
    var sampler = TokenSampler(settings)
    return try (0..<count).map { _ in
      var copy = logits
      return try copy.withUnsafeMutableBufferPointer { try sampler.next($0, kernels) }
    }
  }

  private func settings(_ temperature: Double = 1, k: Int = 0, p: Double = 1, seed: UInt64 = 3)
    -> SamplingSettings
  {
    SamplingSettings(temperature: temperature, topK: k, topP: p, seed: seed)
  }

  @Test func theLikeliest() throws {
    let logits: [Float] = [1, 5, 5, -2]
    #expect(try draws(logits, .greedy) == [1])
    #expect(try draws(logits, settings(1e-40)) == [1])
    #expect(try Set(draws(logits, settings(0.01, k: 0, p: 1e-6), count: 50)) == [1])
    #expect(try Set(draws(logits, settings(100, k: 1), count: 50)) == [1])
  }

  /// How often tokens come is how likely they are, among those that are left.
  @Test(arguments: [
    (1.0, 0, 1.0, [0.1, 0.2, 0.3, 0.25, 0.15]), (1, 2, 1, [0, 0, 0.3 / 0.55, 0.25 / 0.55, 0]),
    (1, 0, 0.5, [0, 0, 0.3 / 0.55, 0.25 / 0.55, 0]),
    (1, 0, 0.56, [0, 0.2 / 0.75, 0.3 / 0.75, 0.25 / 0.75, 0]),
    (1, 3, 0.7, [0, 0, 0.3 / 0.55, 0.25 / 0.55, 0]),
    (0.5, 0, 1, [0.01, 0.04, 0.09, 0.0625, 0.0225].map { $0 / 0.225 }),
  ])
  func frequencies(_ temperature: Double, _ k: Int, _ p: Double, _ expected: [Double]) throws {
    let logits = [0.1, 0.2, 0.3, 0.25, 0.15].map { Float(log($0)) + 7 }
    let count = 20_000
    var found = [Double](repeating: 0, count: 5)
    for token in try draws(logits, settings(temperature, k: k, p: p), count: count) {
      found[Int(token)] += 1 / Double(count)
    }
    for (a, b) in zip(found, expected) {
      #expect(b == 0 ? a == 0 : abs(a - b) < 5 * (b * (1 - b) / Double(count)).squareRoot(), "\(found)")
    }
  }

  /// Of many tokens the same are left as by sorting all of them.
  @Test func manyTokens() throws {
    var numbers = SeededNumbers(6)
    let logits = numbers.floats(5000).map { $0 * 6 }
    let order = logits.indices.sorted { logits[$0] > logits[$1] }
    let drawn = try Set(draws(logits, settings(1, k: 40), count: 4000))
    #expect(drawn.isSubset(of: Set(order.prefix(40).map { Int32($0) })) && drawn.count > 30)
    let weights = logits.map { exp(Double($0)) }
    let total = weights.reduce(0, +)
    var (reached, nucleus) = (0.0, Set<Int32>())
    for id in order where reached < 0.3 * total {
      reached += weights[id]
      nucleus.insert(Int32(id))
    }
    let few = try Set(draws(logits, settings(1, p: 0.3), count: 4000))
    #expect(few.isSubset(of: nucleus) && few.count > nucleus.count / 2)
  }

  @Test func noNumbers() {
    for logits: [Float] in [[.nan, 1], [.infinity, 1], [-.infinity, -.infinity]] {
      #expect(throws: InferenceError.notANumber) { try draws(logits, .greedy) }
    }
    #expect(throws: InferenceError.notANumber) { try draws([1, .nan], settings()) }
  }

  @Test func whatIsOutOfRange() {
    #expect(SamplingSettings().problem == nil)
    #expect(SamplingSettings.greedy.problem == nil)
    for bad in [
      settings(-1), settings(.nan), settings(.infinity), settings(1, k: -1), settings(1, p: 0),
      settings(1, p: 1.1),
      settings(1, p: .nan),
    ] { #expect(bad.problem != nil) }
  }
}
