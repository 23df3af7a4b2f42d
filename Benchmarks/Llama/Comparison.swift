import Glibc
import Llama

/// Compares gradients, losses and weights after AdamW steps with PyTorch's, dumped as raw floats into a folder.
struct Comparison {
  let folder: String

  func run() throws {
    let numbers = text("config.txt").split(whereSeparator: \.isWhitespace)
    let n = numbers.map { Int($0) ?? 0 }
    let config = try LlamaConfig(
      vocabulary: n[0], dim: n[1], layers: n[2], heads: n[3], keyValueHeads: n[4], headDim: n[5],
      feedForward: n[6],
      ropeTheta: Double(numbers[7]) ?? 0, normEpsilon: Float(numbers[8]) ?? 0, tiedHead: n[9] == 1,
      maxPositions: n[10])
    let model = try LlamaModel(config: config, threads: 2)
    for tensor in model.tensors {
      try floats("w/" + tensor.name).withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
    }
    let (tokens, labels) = (integers("tokens.i32"), integers("labels.i32"))
    var place = 0
    let batch = integers("lengths.i32").map { length in
      let range = place..<place + Int(length)
      place = range.upperBound
      return TrainingSequence(tokens: Array(tokens[range]), labels: Array(labels[range]))
    }
    let expected = text("losses.txt").split(whereSeparator: \.isWhitespace).map { Double($0) ?? 0 }
    let rate = Double(text("rate.txt").split(separator: "\n").first ?? "") ?? 1e-3
    for step in 0..<expected.count / 2 {
      model.zeroGradients()
      let loss = try model.accumulateGradients(batch)
      let norm = model.clipGradients(maxNorm: nil, scale: 1 / Float(loss.count))
      if step == 0 { try report("g/", model) { try model.gradient($0) } }
      model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      print(
        "step \(step): loss \(loss.mean) torch \(expected[2 * step]); norm \(norm) torch \(expected[2 * step + 1])"
      )
      model.adamStep(learningRate: rate, AdamW(weightDecay: 0.1, decaysGains: true))
    }
    try report("after/", model) { try model.withWeight($0) { Array($0) } }
  }

  private func report(_ kind: String, _ model: LlamaModel, _ values: (String) throws -> [Float]) throws {
    var errors: [(Double, String)] = []
    for tensor in model.tensors {
      let (ours, theirs) = (try values(tensor.name), floats(kind + tensor.name))
      var (difference, square) = (0.0, 0.0)
      for (a, b) in zip(ours, theirs) {
        difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
        square += Double(b) * Double(b)
      }
      errors.append(((difference / square).squareRoot(), tensor.name))
    }
    errors.sort { $0.0 > $1.0 }
    print(
      "\(kind) \(errors.count) tensors, relative L2: worst", errors.prefix(3), "median",
      errors[errors.count / 2].0)
  }

  private func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen(folder + "/" + name, "r") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var data = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    let count = fread(&data, 1, data.count, file)
    return Array(data.prefix(count))
  }
  private func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }
  private func floats(_ name: String) -> [Float] {
    bytes(name).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
  private func integers(_ name: String) -> [Int32] {
    bytes(name).withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
  }
}
