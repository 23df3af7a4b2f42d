internal import CKernels
import Records

/// Chooses tokens from logits, in the order in which transformers does: temperature, top-k, top-p, then a draw.
struct TokenSampler {
  private let settings: SamplingSettings
  private var random: SplitMix64

  init(_ settings: SamplingSettings) {
    self.settings = settings
    random = SplitMix64(seed: settings.seed)
  }

  /// The token after these logits (vocabulary), which are overwritten. Of equally likely ones the first counts.
  ///
  /// Throws `InferenceError.notANumber`.
  mutating func next(_ logits: UnsafeMutableBufferPointer<Float>, _ kernels: Kernels) throws -> Int32 {
    var best = 0
    var isFinite = true
    for index in logits.indices {
      isFinite = isFinite && logits[index].isFinite
      if logits[index] > logits[best] { best = index }
    }
    guard isFinite else { throw InferenceError.notANumber }
    let scale = Float(1 / settings.temperature)
    guard settings.temperature > 0, settings.topK != 1, scale.isFinite else { return Int32(best) }
    let sum = ck_sampling_weights(kernels.context, logits.count, scale, logits.baseAddress)
    guard sum.isFinite, sum > 0 else { throw InferenceError.notANumber }
    return Int32(draw(from: kept(logits, sum), else: best))
  }

  /// Tokens with their weights, by id. `sum` is that of all weights.
  private func kept(_ weights: UnsafeMutableBufferPointer<Float>, _ sum: Double) -> [(
    id: Int, weight: Double
  )] {
    var kept: [(id: Int, weight: Double)] = []
    if settings.topK > 0, settings.topK < weights.count {
      let least = Self.largest(weights, settings.topK)
      for id in weights.indices where weights[id] >= least { kept.append((id, Double(weights[id]))) }
    } else {
      // Less than this each, all others together cannot reach what top-p leaves out.
      let least = settings.topP < 1 ? (1 - settings.topP) * sum / Double(weights.count) : 0
      for id in weights.indices where Double(weights[id]) >= least { kept.append((id, Double(weights[id]))) }
    }
    guard settings.topP < 1 else { return kept }
    let total = settings.topK > 0 ? kept.reduce(0) { $0 + $1.weight } : sum
    kept.sort { ($1.weight, $0.id) < ($0.weight, $1.id) }
    var reached = 0.0
    var count = 0
    while count < kept.count, count == 0 || reached < settings.topP * total {
      reached += kept[count].weight
      count += 1
    }
    return kept.prefix(count).sorted { $0.id < $1.id }
  }

  private mutating func draw(from kept: [(id: Int, weight: Double)], else best: Int) -> Int {
    let total = kept.reduce(0) { $0 + $1.weight }
    var place = Double(random.next() >> 11) / 9_007_199_254_740_992 * total
    for token in kept {
      place -= token.weight
      if place < 0 { return token.id }
    }
    return kept.last?.id ?? best
  }

  /// The weight that `count` tokens reach: a heap of the largest, the smallest of them on top.
  private static func largest(_ weights: UnsafeMutableBufferPointer<Float>, _ count: Int) -> Float {
    var heap = Array(weights[..<count]).sorted()
    for weight in weights[count...] where weight > heap[0] {
      var place = 0
      while true {
        var child = 2 * place + 1
        guard child < count else { break }
        if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
        guard heap[child] < weight else { break }
        heap[place] = heap[child]
        place = child
      }
      heap[place] = weight
    }
    return heap[0]
  }
}
