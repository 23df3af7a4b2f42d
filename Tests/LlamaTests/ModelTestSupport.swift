import CKernels
import Llama

/// Repeatable numbers for the tests.
struct SeededNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func float() -> Float { Float(next() & 0xFFFF) / 32_768 - 1 }
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
}

/// A kernel context of its own for a test, given back at the end.
final class TestContext {
  let pointer: OpaquePointer

  init?(_ isa: ck_isa, threads: Int32 = 2) {
    guard let made = ck_context_create(threads, isa) else { return nil }
    pointer = made
  }
  deinit { ck_context_destroy(pointer) }

  /// Every instruction set this processor has; the portable one is always among them.
  static var all: [TestContext] {
    [CK_PORTABLE, CK_AVX2, CK_AVX512, CK_AVX512_BF16].compactMap { TestContext($0) }
  }

  var name: String { String(cString: ck_context_isa_name(pointer)) }
}

/// The largest difference relative to the largest expected value.
func relativeError(_ found: some Sequence<Float>, _ expected: some Sequence<Double>) -> Double {
  var (difference, largest) = (0.0, 0.0)
  for (a, b) in zip(found, expected) {
    if a.isNaN { return .infinity }
    difference = max(difference, abs(Double(a) - b))
    largest = max(largest, abs(b))
  }
  return largest == 0 ? difference : difference / largest
}

/// The compute paths a model can be made with here.
let pathsHere: [ComputePath] = {
  guard let config = try? ModelConfigTests.config() else { return [] }
  return [.portable, .avx2, .avx512, .avx512BF16].filter {
    (try? LlamaModel(config: config, threads: 1, path: $0)) != nil
  }
}()

/// A seeded tiny model with gains that differ from 1, and a ragged batch with masked labels for it.
struct TinyCase {
  var config: LlamaConfig
  var batch: [TrainingSequence]

  init(
    tied: Bool = false, heads: Int = 4, keyValueHeads: Int = 2, headDim: Int = 6, layers: Int = 2,
    lengths: [Int] = [9, 1, 70, 2, 33], biases: LlamaConfig.Biases = LlamaConfig.Biases(),
    ropeScaling: RopeScaling = .none
  ) throws {
    config = try LlamaConfig(
      vocabulary: 53, dim: 20, layers: layers, heads: heads, keyValueHeads: keyValueHeads, headDim: headDim,
      feedForward: 28, ropeTheta: 1e4, tiedHead: tied, maxPositions: 2048, ropeScaling: ropeScaling,
      biases: biases)
    var numbers = SeededNumbers(7)
    batch = lengths.map { length in
      let tokens = (0..<length).map { _ in Int32(numbers.below(53)) }
      let labels = tokens.map { numbers.below(4) == 0 ? TrainingSequence.ignored : $0 }
      return TrainingSequence(tokens: tokens, labels: labels)
    }
  }

  func model(threads: Int = 2, path: ComputePath = .best) throws -> LlamaModel {
    let model = try LlamaModel(config: config, threads: threads, path: path)
    var numbers = SeededNumbers(11)
    for tensor in model.tensors {
      let isGain = tensor.shape.count == 1
      let values = numbers.floats(tensor.range.count).map { isGain ? 1 + 0.2 * $0 : 0.4 * $0 }
      try values.withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
    }
    return model
  }

  /// The same model, frozen, beside an adapter that has numbers everywhere.
  func adapted(_ config: AdapterConfig, threads: Int = 2, precision: Precision = .f32) throws -> LlamaModel {
    let base = try model()
    let model = try LlamaModel(config: self.config, threads: threads, precision: precision, adapter: config)
    for tensor in base.tensors {
      try base.withWeight(tensor.name) { try model.loadWeight(tensor.name, from: $0) }
    }
    var numbers = SeededNumbers(7)
    for tensor in model.trainedTensors {
      try numbers.floats(tensor.range.count).map { $0 * 0.3 }.withUnsafeBufferPointer {
        try model.loadTrainedWeight(tensor.name, from: $0)
      }
    }
    return model
  }
}
