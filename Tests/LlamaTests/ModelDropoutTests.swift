import CKernels
import Glibc
import Testing

@testable import Llama

/// Dropout of an adapter's inputs.
@Suite struct ModelDropoutTests {
  /// What `ck_dropout` is defined as, element by element.
  private func isKept(_ element: Int, _ key: UInt64, _ share: Float) -> Bool {
    func mix(_ value: UInt32) -> UInt32 {
      var h = value
      h = (h ^ h >> 16) &* 0x7feb_352d
      h = (h ^ h >> 15) &* 0x846c_a68b
      return h ^ h >> 16
    }
    let hash = mix(
      mix(UInt32(truncatingIfNeeded: element) &+ UInt32(truncatingIfNeeded: key)) ^ UInt32(key >> 32))
    return hash >= UInt32(Double(share) * 4_294_967_296)
  }

  @Test(arguments: [1, 15, 16, 17, 1000, 40_000])
  func theKernelIsItsDefinition(_ count: Int) {
    var numbers = SeededNumbers(UInt64(count))
    let x = numbers.floats(count)
    let start = numbers.floats(count)
    for share: Float in [0, 0.1, 0.5, 0.95] {
      let key: UInt64 = 0x1234_5678_9abc_def0
      let scale = 1 / (1 - share)
      let dropped = x.indices.map { isKept($0, key, share) ? x[$0] * scale : 0 }
      for context in TestContext.all {
        var y = [Float](repeating: .nan, count: count)
        ck_dropout(context.pointer, count, key, share, x, nil, &y)
        #expect(y == dropped, "\(context.name) \(share)")
        var sum = start
        sum.withUnsafeMutableBufferPointer {
          ck_dropout(context.pointer, count, key, share, x, $0.baseAddress, $0.baseAddress)
        }
        #expect(zip(sum, zip(start, dropped)).allSatisfy { $0 == $1.0 + $1.1 }, "\(context.name) \(share)")
      }
    }
  }

  /// Its share is dropped, no neighbour follows from another, and another key drops others.
  @Test func dropsItsShareAtRandom() throws {
    let count = 1 << 18
    let ones = [Float](repeating: 1, count: count)
    let context = try #require(TestContext(CK_BEST))
    func pattern(_ key: UInt64, _ share: Float) -> [Bool] {
      var y = ones
      ck_dropout(context.pointer, count, key, share, ones, nil, &y)
      return y.map { $0 == 0 }
    }
    for share: Float in [0.05, 0.3] {
      let p = Double(share)
      let deviation = (p * (1 - p) / Double(count)).squareRoot()
      for key: UInt64 in [0, 1, 1 << 32, 0xffff_ffff_ffff_ffff] {
        let dropped = pattern(key, share)
        #expect(abs(Double(dropped.count { $0 }) / Double(count) - p) < 5 * deviation)
        for distance in [1, 2, 64, 576] {
          let both = zip(dropped, dropped.dropFirst(distance)).count { $0 && $1 }
          let expected = p * p
          let wide = 5 * (expected * (1 - expected) / Double(count)).squareRoot()
          #expect(abs(Double(both) / Double(count - distance) - expected) < wide, "\(key) \(distance)")
        }
      }
      let same = zip(pattern(8, share), pattern(9, share)).count { $0 && $1 }
      #expect(abs(Double(same) / Double(count) - p * p) < 5 * (p * p / Double(count)).squareRoot())
    }
  }

  /// With dropout the gradients are still the slopes of the loss, of the one that drops the same.
  @Test func gradientsAreTheSlopesOfTheDroppedLoss() throws {
    let tiny = try TinyCase()
    let model = try tiny.adapted(AdapterConfig(rank: 3, alpha: 5, dropout: 0.4))
    let plain = try model.loss(tiny.batch)
    let dropped = try model.accumulateGradients(tiny.batch, dropout: 11)
    #expect(dropped != plain && dropped.count == plain.count)
    let all = try model.trainedTensors.map { try model.gradient($0.name) }
    for (tensor, gradient) in zip(model.trainedTensors, all) {
      let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      try #require(length > 1e-3)
      let weight = try model.withTrainedWeight(tensor.name) { Array($0) }
      let distance = 0.002
      func loss(_ sign: Double) throws -> Double {
        let moved = zip(weight, gradient).map { Float(Double($0) + sign * distance * Double($1) / length) }
        try moved.withUnsafeBufferPointer { try model.loadTrainedWeight(tensor.name, from: $0) }
        return try model.accumulateGradients(tiny.batch, dropout: 11).sum
      }
      let slope = (try loss(1) - loss(-1)) / (2 * distance)
      try weight.withUnsafeBufferPointer { try model.loadTrainedWeight(tensor.name, from: $0) }
      #expect(abs(slope - length) < 0.01 * length, "\(tensor.name): slope \(slope), gradient \(length)")
    }
    #expect(try model.accumulateGradients(tiny.batch, dropout: 12) != dropped)
    #expect(try model.accumulateGradients(tiny.batch) == plain)
  }
}
