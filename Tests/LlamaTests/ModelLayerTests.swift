import CKernels
import Glibc
import Testing

/// Every layer kernel against the plain formula in double precision, on every instruction set here.
@Suite struct ModelLayerTests {
  static let widths = [1, 2, 7, 16, 31, 64, 100]

  @Test(arguments: widths)
  func normForwardAndBackward(_ dim: Int) {
    var numbers = SeededNumbers(UInt64(dim))
    let index: [Int32] = [4, 0, 2] + (5..<140).map { Int32($0) }  // more than two blocks of gain rows
    let (rows, tokens, eps) = (index.count, 141, 1e-3)
    let x = numbers.floats(tokens * dim)
    let gain = numbers.floats(dim)
    let dy = numbers.floats(rows * dim)
    var y = [Double](repeating: 0, count: rows * dim)
    var dx = [Double](repeating: 0.5, count: tokens * dim)
    var dgain = [Double](repeating: 0.25, count: dim)
    for r in 0..<rows {
      let row = (0..<dim).map { Double(x[Int(index[r]) * dim + $0]) }
      let inverse = 1 / (row.reduce(0) { $0 + $1 * $1 } / Double(dim) + eps).squareRoot()
      let weighted = (0..<dim).map { Double(dy[r * dim + $0]) * Double(gain[$0]) }
      let along =
        zip(weighted, row).reduce(0) { $0 + $1.0 * $1.1 } * inverse * inverse * inverse / Double(dim)
      for i in 0..<dim {
        y[r * dim + i] = Double(gain[i]) * row[i] * inverse
        dx[Int(index[r]) * dim + i] += weighted[i] * inverse - row[i] * along
        dgain[i] += Double(dy[r * dim + i]) * row[i] * inverse
      }
    }
    for context in TestContext.all {
      var found = [Float](repeating: 0, count: rows * dim)
      ck_rmsnorm_forward(context.pointer, rows, dim, index, x, gain, Float(eps), &found)
      #expect(relativeError(found, y) < 1e-6, "\(context.name)")
      var foundX = [Float](repeating: 0.5, count: tokens * dim)
      var foundGain = [Float](repeating: 0.25, count: dim)
      var partial = [Float](repeating: .nan, count: (rows + 63) / 64 * dim)
      ck_rmsnorm_backward(
        context.pointer, rows, dim, index, x, gain, Float(eps), dy, &foundX, &foundGain, &partial)
      #expect(relativeError(foundX, dx) < 5e-6, "\(context.name)")
      #expect(relativeError(foundGain, dgain) < 5e-6, "\(context.name)")
    }
  }

  @Test(arguments: [2, 6, 32, 64, 80])
  func rotaryPairsHalvesAndTurnsBack(_ headDim: Int) {
    var numbers = SeededNumbers(UInt64(headDim))
    let (tokens, heads, half) = (19, 3, headDim / 2)
    let stride = heads * headDim + 5
    let positions = (0..<tokens).map { _ in Int32(numbers.below(40)) }
    let angles = (0..<40 * half).map { Double($0) * 0.37 }
    let (cosines, sines) = (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
    let x = numbers.floats(tokens * stride)
    var expected = x.map { Double($0) }
    for t in 0..<tokens {
      for head in 0..<heads {
        for i in 0..<half {
          let (low, high) = (t * stride + head * headDim + i, t * stride + head * headDim + half + i)
          let (c, s) = (cos(angles[Int(positions[t]) * half + i]), sin(angles[Int(positions[t]) * half + i]))
          expected[low] = Double(x[low]) * c - Double(x[high]) * s
          expected[high] = Double(x[high]) * c + Double(x[low]) * s
        }
      }
    }
    for context in TestContext.all {
      var found = x
      ck_rope(context.pointer, tokens, heads, headDim, stride, positions, cosines, sines, 1, &found)
      #expect(relativeError(found, expected) < 1e-6, "\(context.name)")
      ck_rope(context.pointer, tokens, heads, headDim, stride, positions, cosines, sines, -1, &found)
      #expect(
        relativeError(found, x.map { Double($0) }) < 1e-6, "a rotation and its inverse, \(context.name)")
    }
  }

  @Test(arguments: widths)
  func swigluForwardAndBackward(_ ffn: Int) {
    var numbers = SeededNumbers(UInt64(ffn))
    let tokens = 21
    var gateUp = numbers.floats(tokens * 2 * ffn).map { $0 * 6 }
    gateUp[0] = -200  // exp overflows single precision here
    gateUp[ffn > 1 ? 1 : 2 * ffn] = 200
    let dh = numbers.floats(tokens * ffn)
    var h = [Double](repeating: 0, count: tokens * ffn)
    var gradient = [Double](repeating: 0, count: tokens * 2 * ffn)
    for t in 0..<tokens {
      for i in 0..<ffn {
        let (g, u) = (Double(gateUp[t * 2 * ffn + i]), Double(gateUp[t * 2 * ffn + ffn + i]))
        let (s, d) = (1 / (1 + exp(-g)), Double(dh[t * ffn + i]))
        h[t * ffn + i] = g * s * u
        gradient[t * 2 * ffn + i] = d * u * (s + g * s * (1 - s))
        gradient[t * 2 * ffn + ffn + i] = d * g * s
      }
    }
    for context in TestContext.all {
      var found = [Float](repeating: .nan, count: tokens * ffn)
      ck_swiglu_forward(context.pointer, tokens, ffn, gateUp, &found)
      #expect(relativeError(found, h) < 1e-6, "\(context.name)")
      var foundGradient = [Float](repeating: .nan, count: tokens * 2 * ffn)
      ck_swiglu_backward(context.pointer, tokens, ffn, gateUp, dh, &foundGradient)
      #expect(relativeError(foundGradient, gradient) < 1e-6, "\(context.name)")
    }
  }

  @Test(arguments: [1, 3, 16, 53, 1000], [Float(1), 30])
  func crossEntropyAndItsGradient(_ vocab: Int, _ spread: Float) {
    var numbers = SeededNumbers(UInt64(vocab))
    let (rows, scale) = (11, 0.125)
    let logits = numbers.floats(rows * vocab).map { $0 * spread }
    let labels = (0..<rows).map { _ in Int32(numbers.below(vocab)) }
    var losses = [Double](repeating: 0, count: rows)
    var gradient = [Double](repeating: 0, count: rows * vocab)
    for r in 0..<rows {
      let row = logits[r * vocab..<(r + 1) * vocab].map { Double($0) }
      let sum = row.reduce(0) { $0 + exp($1) }
      losses[r] = log(sum) - row[Int(labels[r])]
      for i in 0..<vocab {
        gradient[r * vocab + i] = scale * (exp(row[i]) / sum - (Int(labels[r]) == i ? 1 : 0))
      }
    }
    for context in TestContext.all {
      var (found, foundLosses) = (logits, [Double](repeating: .nan, count: rows))
      ck_cross_entropy(context.pointer, rows, vocab, &found, labels, Float(scale), 0, &foundLosses)
      #expect(found == logits, "without a gradient the logits stay")
      ck_cross_entropy(context.pointer, rows, vocab, &found, labels, Float(scale), 1, &foundLosses)
      for r in 0..<rows {
        #expect(abs(foundLosses[r] - losses[r]) < 3e-6 * max(1, losses[r]), "\(context.name)")
      }
      #expect(relativeError(found, gradient) < 5e-6 || vocab == 1, "\(context.name)")
    }
  }

  @Test(arguments: [1, 20, 64, 130])
  func embeddingRowsAndTheirGradient(_ dim: Int) {
    var numbers = SeededNumbers(UInt64(dim))
    let ids: [Int32] = (0..<50).map { _ in Int32(numbers.below(7)) }  // tokens repeat
    let (table, dx) = (numbers.floats(7 * dim), numbers.floats(50 * dim))
    var expected = [Double](repeating: 0, count: 7 * dim)
    for (t, id) in ids.enumerated() {
      for i in 0..<dim { expected[Int(id) * dim + i] += Double(dx[t * dim + i]) }
    }
    for context in TestContext.all {
      var x = [Float](repeating: 0, count: 50 * dim)
      ck_embedding_forward(context.pointer, 50, dim, ids, table, &x)
      for (t, id) in ids.enumerated() {
        #expect(x[t * dim..<(t + 1) * dim].elementsEqual(table[Int(id) * dim..<(Int(id) + 1) * dim]))
      }
      var found = [Float](repeating: 0, count: 7 * dim)
      ck_embedding_backward(context.pointer, 50, dim, ids, dx, &found)
      #expect(relativeError(found, expected) < 2e-6, "\(context.name)")
    }
  }
}
