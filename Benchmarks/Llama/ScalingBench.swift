import CKernels
import Llama

/// How a step's time and memory grow with the length of sequences, their number and the model, beside the arithmetic that is
/// in them; and what follows for a model that does not fit here from one of its layers at its real shape.
struct ScalingBench {
  let threads: Int

  func run(_ what: String) throws {
    let peak = KernelBench.arithmetic(threads, pairs: true)
    LlamaBench.say("peak of bf16: \(Int(peak / 1e9)) GFLOP/s, \(threads) threads")
    switch what {
    case "lengths":
      for length in [512, 1024, 2048, 4096, 8192] {
        try line(Self.smol(length: length), length, 1, nil, peak)
      }
    case "batches":
      for sequences in [1, 2, 4, 8, 16] { try line(Self.smol(length: 512), 512, sequences, nil, peak) }
    case "sizes": try sizes(peak)
    default: try layer(peak)
    }
  }

  // MARK: Models

  /// SmolLM2-135M.
  static func smol(length: Int = 2048, layers: Int = 30) throws -> LlamaConfig {
    try LlamaConfig(
      vocabulary: 49_152, dim: 576, layers: layers, heads: 9, keyValueHeads: 3, feedForward: 1536,
      ropeTheta: 100_000, tiedHead: true, maxPositions: max(length, 2048))
  }

  private func sizes(_ peak: Double) throws {
    let smaller = try LlamaConfig(
      vocabulary: 49_152, dim: 288, layers: 16, heads: 9, keyValueHeads: 3, headDim: 32, feedForward: 768,
      ropeTheta: 100_000, tiedHead: true, maxPositions: 2048)
    let larger = try LlamaConfig(
      vocabulary: 49_152, dim: 960, layers: 32, heads: 15, keyValueHeads: 5, feedForward: 2560,
      ropeTheta: 100_000, tiedHead: true, maxPositions: 2048)
    let tiny = try LlamaConfig(
      vocabulary: 32_000, dim: 2048, layers: 22, heads: 32, keyValueHeads: 4, feedForward: 5632,
      ropeTheta: 10_000, tiedHead: false, maxPositions: 2048)
    for (name, config) in [
      ("a third of SmolLM2-135M", smaller), ("SmolLM2-135M", try Self.smol()), ("SmolLM2-360M", larger),
      ("TinyLlama-1.1B", tiny),
    ] {
      LlamaBench.say(name)
      // AdamW's numbers for all of TinyLlama are 18 GB.
      for rank in config.dim < 2048 ? [nil, 16] : [16] { try line(config, 512, 4, rank, peak) }
    }
  }

  // MARK: A layer of LLaMA-7B

  private static func llama7B(layers: Int) throws -> LlamaConfig {
    try LlamaConfig(
      vocabulary: 32_000, dim: 4096, layers: layers, heads: 32, keyValueHeads: 32, feedForward: 11_008,
      ropeTheta: 10_000, tiedHead: false, maxPositions: 2048)
  }

  /// One and two layers at LLaMA-7B's shape: their difference is a layer, and what is left is the embedding and the head.
  private func layer(_ peak: Double) throws {
    let whole = try Self.llama7B(layers: 32)
    for rank in [16, nil] {
      let length = 512
      let (one, two) = (
        try line(Self.llama7B(layers: 1), length, 1, rank, peak),
        try line(Self.llama7B(layers: 2), length, 1, rank, peak)
      )
      let block = two.seconds - one.seconds
      let arithmetic = two.bench.flops - one.bench.flops
      let all = one.seconds + 31 * block
      var bench = one.bench
      bench.config = whole
      let plan = MemoryPlan(
        whole, adapter: rank.map { AdapterConfig(rank: $0, alpha: 2 * Double($0)) }, tokens: length,
        longest: length,
        threads: threads, recomputes: true)
      LlamaBench.say(
        "  a layer: \(Self.fixed(arithmetic / block / 1e9, 0)) GFLOP/s, \(Self.fixed(100 * arithmetic / block / peak, 0))% of peak; LLaMA-7B \(bench.mode): \(Self.fixed(bench.flops / Double(length) / 1e9, 1)) GFLOP a token, \(Self.fixed(Double(length) / all, 1)) tokens/s here, \(Self.fixed(Double(plan.total) / 1e9, 1)) GB with --recompute in micro-batches of \(length)"
      )
      LlamaBench.say(
        "  a machine that multiplies at 10 TFLOP/s, at the same share: \(Self.fixed(1e13 * arithmetic / block / peak / (bench.flops / Double(length)), 0)) tokens/s"
      )
    }
  }

  @discardableResult private func line(
    _ config: LlamaConfig, _ length: Int, _ sequences: Int, _ rank: Int?, _ peak: Double
  ) throws -> (bench: StepBench, seconds: Double) {
    let bench = StepBench(
      config: config, length: length, sequences: sequences, precision: .bf16, rank: rank, threads: threads)
    let (seconds, memory) = try bench.measure(steps: 2)
    let rate = bench.flops / seconds
    LlamaBench.say(
      "  \(bench.mode), \(config.layers) layers, \(sequences) x \(length): \(Self.fixed(Double(bench.tokens) / seconds, 0)) tokens/s, \(memory >> 20) MiB, \(Self.fixed(bench.flops / Double(bench.tokens) / 1e6, 0)) MFLOP a token, \(Self.fixed(rate / 1e9, 0)) GFLOP/s, \(Self.fixed(100 * rate / peak, 0))% of peak"
    )
    return (bench, seconds)
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = digits == 0 ? 1 : 10.0
    let rounded = (value * scale).rounded() / scale
    return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
  }
}
