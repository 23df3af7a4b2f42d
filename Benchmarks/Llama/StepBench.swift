import Glibc
import Llama

/// Whole training steps of a model with drawn weights, three quarters of the rows labelled.
struct StepBench {
  var config: LlamaConfig
  var length = 512
  var sequences = 4
  var precision: Precision
  var rank: Int?
  var recomputes = false
  var threads: Int

  var tokens: Int { length * sequences }
  var mode: String { "\(rank.map { "LoRA r=\($0)" } ?? "full") \(precision.rawValue)" }

  /// The best of `steps` steps in seconds, and the most memory the process had meanwhile, in bytes.
  func measure(steps: Int, report: (String) -> Void = { _ in }) throws -> (seconds: Double, memory: Int) {
    Self.forgetPeak()
    let model = try LlamaModel(
      config: config, threads: threads, precision: precision,
      adapter: rank.map { AdapterConfig(rank: $0, alpha: 2 * Double($0)) })
    model.recomputes = recomputes
    model.initializeWeights(seed: 1)
    model.initializeAdapter(seed: 1)
    let batch = (0..<sequences).map { sequence in
      let tokens = (0..<length).map { Int32(($0 * 7919 + sequence * 104_729) % config.vocabulary) }
      let labels = tokens.enumerated().map { $0.offset % 4 == 0 ? TrainingSequence.ignored : $0.element }
      return TrainingSequence(tokens: tokens, labels: labels)
    }
    try model.reserve(tokens: tokens)
    var best = Double.infinity
    for step in 0..<steps {
      let start = LlamaBench.seconds()
      model.zeroGradients()
      let loss = try model.accumulateGradients(batch)
      let middle = LlamaBench.seconds()
      let norm = model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      model.adamStep(learningRate: 1e-4)
      let end = LlamaBench.seconds()
      best = min(best, end - start)
      report(
        "step \(step): loss \(loss.mean) norm \(norm) passes \(middle - start) s, update \(end - middle) s, \(Int(Double(tokens) / (end - start))) tokens/s"
      )
    }
    return (best, Self.peak())
  }

  /// Multiplications and additions of one step: products of weights (a frozen weight has no gradient, which saves a third),
  /// causal attention's two products forward and five backward, and the head on labelled rows. A recomputed block's forward
  /// products are not counted: they are the price of memory.
  var flops: Double {
    let (dim, wide) = (Double(config.dim), Double(config.feedForward))
    let (attention, keyValue) = (
      Double(config.heads * config.headDim), Double(config.keyValueHeads * config.headDim)
    )
    let block = dim * (attention + 2 * keyValue) + attention * dim + 3 * dim * wide
    let head = 0.75 * Double(config.vocabulary) * dim
    let passes: Double = rank == nil ? 6 : 4
    let thin =
      6 * Double(rank ?? 0)
      * (4 * dim + 2 * attention + 2 * keyValue + 3 * (dim + wide))
    let mixing = 7 * Double(length + 1) * attention
    return Double(tokens) * (Double(config.layers) * (passes * block + thin + mixing) + passes * head)
  }

  // MARK: Memory

  private static func forgetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  private static func peak() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("VmHWM:") {
        return (text.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0) << 10
      }
    }
    return 0
  }
}
