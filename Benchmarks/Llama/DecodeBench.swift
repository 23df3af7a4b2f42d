import Llama

/// Tokens a second of a model on disk: one stream against the time in which its weights can be read, several together, and
/// a prompt.
enum DecodeBench {
  static func run(path: String, threads: Int, steps: Int) throws {
    let model = try StoredModel(path: path)
    let engine = try InferenceModel(model, threads: threads, memory: 1 << 33)
    // Of an embedding that is not the head only a row is read.
    let bytes = model.weights.stored.reduce(0) { sum, tensor in
      let isRow =
        !model.config.tiedHead && (tensor.name.contains("embed_tokens") || tensor.name.contains("token_embd"))
      return sum + (isRow ? 0 : tensor.byteCount)
    }
    LlamaBench.say(
      "\(path): \(bytes >> 20) MiB of weights a token, \(threads) threads, \(engine.instructionSet)")
    let prompt = (0..<512).map { Int32($0 % min(model.config.vocabulary, 4000)) }
    let length = min(prompt.count, model.config.maxPositions / 2)
    let caches = try engine.makeCaches(16, positions: length + steps + 1)
    try engine.prefill(Array(prompt[..<length]), into: caches[0])
    caches[0].clear()
    let before = LlamaBench.seconds()
    try engine.prefill(Array(prompt[..<length]), into: caches[0])
    LlamaBench.say("  prompt of \(length): \(Int(Double(length) / (LlamaBench.seconds() - before))) tokens/s")
    for streams in [1, 2, 4, 8, 16] {
      var (best, bandwidth) = (0.0, 0.0)
      for _ in 0..<3 {
        for cache in caches { cache.clear() }
        for cache in caches[..<streams] { try engine.prefill([1, 2, 3, 4], into: cache) }
        bandwidth = max(bandwidth, ReadBandwidth.measure(threads: threads, repeats: 1))
        let start = LlamaBench.seconds()
        for step in 0..<steps {
          try engine.decode(caches[..<streams].map { (Int32(step % 100 + 5), $0) })
        }
        best = max(best, Double(steps * streams) / (LlamaBench.seconds() - start))
      }
      let share = best / Double(streams) * Double(bytes) / bandwidth
      LlamaBench.say(
        "  \(streams) stream\(streams == 1 ? "" : "s"): \(Int(best)) tokens/s, weights at \(Int(100 * share))% of the \(bandwidth.gigabytes) read beside it"
      )
    }
  }
}
