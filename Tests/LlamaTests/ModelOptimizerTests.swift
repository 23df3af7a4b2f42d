import CKernels
import Glibc
import Llama
import Testing

@Suite struct ModelOptimizerTests {
  /// torch.optim.AdamW's published update, in double precision.
  @Test(arguments: [0.0, 0.1], [false, true])
  func adamWFollowsTorch(_ decay: Double, _ decaysGains: Bool) throws {
    let tiny = try TinyCase()
    for path in pathsHere {
      let model = try tiny.model(path: path)
      var state: [String: (w: [Double], m: [Double], v: [Double])] = [:]
      for tensor in model.tensors {
        let zero = [Double](repeating: 0, count: tensor.range.count)
        state[tensor.name] = (try model.withWeight(tensor.name) { $0.map { Double($0) } }, zero, zero)
      }
      for step in 1...3 {
        model.zeroGradients()
        let loss = try model.accumulateGradients(tiny.batch)
        model.clipGradients(maxNorm: 0.5, scale: 1 / Float(loss.count))
        for tensor in model.tensors {
          let gradient = try model.gradient(tensor.name)
          var (w, m, v) = try #require(state[tensor.name])
          let wd = tensor.shape.count == 1 && !decaysGains ? 0 : decay
          for (i, g) in gradient.enumerated() {
            m[i] = 0.9 * m[i] + 0.1 * Double(g)
            v[i] = 0.95 * v[i] + 0.05 * Double(g) * Double(g)
            let (hat, root) = (
              m[i] / (1 - pow(0.9, Double(step))), (v[i] / (1 - pow(0.95, Double(step)))).squareRoot()
            )
            w[i] = w[i] * (1 - 0.01 * wd) - 0.01 * hat / (root + 1e-6)
          }
          state[tensor.name] = (w, m, v)
        }
        model.adamStep(
          learningRate: 0.01,
          AdamW(beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: decay, decaysGains: decaysGains))
        #expect(model.optimizerSteps == step)
        for tensor in model.tensors {
          let expected = try #require(state[tensor.name])
          try model.withWeight(tensor.name) {
            #expect(relativeError($0, expected.w) < 2e-6, "\(tensor.name)")
          }
          try model.withMoments(tensor.name) { first, second in
            #expect(relativeError(first, expected.m) < 2e-6, "\(tensor.name)")
            #expect(relativeError(second, expected.v) < 2e-6, "\(tensor.name)")
          }
        }
      }
    }
  }

  @Test func clippingScalesToTheNormAndOnlyDown() throws {
    let tiny = try TinyCase()
    let model = try tiny.model()
    try model.accumulateGradients(tiny.batch)
    func square() throws -> Double {
      try model.tensors.reduce(0) {
        try $0 + model.gradient($1.name).reduce(0) { $0 + Double($1) * Double($1) }
      }
    }
    let plain = try square().squareRoot()
    let norm = Double(model.clipGradients(maxNorm: nil, scale: 0.5))
    #expect(abs(norm - plain / 2) < 1e-6 * plain)
    #expect(abs(try square().squareRoot() - plain / 2) < 1e-6 * plain)
    #expect(
      abs(Double(model.clipGradients(maxNorm: Float(plain) / 10, scale: 0.5)) - plain / 2) < 1e-6 * plain)
    #expect(abs(try square().squareRoot() - plain / 10) < 1e-5 * plain)
    model.clipGradients(maxNorm: Float(plain) * 10, scale: 1)
    #expect(abs(try square().squareRoot() - plain) < 1e-6 * plain)
    model.zeroGradients()
    #expect(try square() == 0)
  }

  @Test(arguments: [0, 1, 255, 256, 257, 65_536, 65_537, 200_003])
  func sumOfSquaresOverTiles(_ count: Int) {
    var numbers = SeededNumbers(UInt64(count))
    let x = numbers.floats(count)
    let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    for context in TestContext.all {
      #expect(
        abs(ck_sum_of_squares(context.pointer, count, x) - expected) <= 1e-6 * expected, "\(context.name)")
    }
  }

  @Test func momentsComeBackFromACheckpoint() throws {
    let tiny = try TinyCase()
    let (whole, first) = (try tiny.model(), try tiny.model())
    func step(_ model: LlamaModel) throws {
      model.zeroGradients()
      let loss = try model.accumulateGradients(tiny.batch)
      model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      model.adamStep(learningRate: 1e-2)
    }
    for _ in 0..<4 { try step(whole) }
    for _ in 0..<2 { try step(first) }
    let resumed = try LlamaModel(config: tiny.config, threads: 1)
    for tensor in first.tensors {
      try first.withWeight(tensor.name) { try resumed.loadWeight(tensor.name, from: $0) }
      try first.withMoments(tensor.name) { try resumed.loadMoments(tensor.name, first: $0, second: $1) }
    }
    resumed.optimizerSteps = first.optimizerSteps
    for _ in 0..<2 { try step(resumed) }
    for tensor in whole.tensors {
      let expected = try whole.withWeight(tensor.name) { Array($0) }
      try resumed.withWeight(tensor.name) { #expect($0.elementsEqual(expected), "\(tensor.name)") }
    }
  }
}
