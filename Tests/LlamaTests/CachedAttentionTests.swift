import CKernels
import Glibc
import Testing

/// Attention over a cache against the definition in double precision.
@Suite struct CachedAttentionTests {
  struct Shape: Sendable {
    var heads, keyHeads, dim, tokens: Int
    var window = 0
    var interleaved = false
  }

  static let shapes: [Shape] = [
    Shape(heads: 1, keyHeads: 1, dim: 2, tokens: 3), Shape(heads: 3, keyHeads: 1, dim: 64, tokens: 40),
    Shape(heads: 4, keyHeads: 2, dim: 6, tokens: 17, interleaved: true),
    Shape(heads: 10, keyHeads: 2, dim: 80, tokens: 33, window: 7),
    Shape(heads: 8, keyHeads: 1, dim: 20, tokens: 50, window: 16, interleaved: true),
    Shape(heads: 6, keyHeads: 6, dim: 128, tokens: 34),
  ]

  /// The rows of queries, keys and values, and the tables of the rotary angles.
  private struct Case {
    let shape: Shape
    let rows: [Float]
    let cosines: [Float]
    let sines: [Float]
    var width: Int { (shape.heads + 2 * shape.keyHeads) * shape.dim }

    init(_ shape: Shape) {
      self.shape = shape
      var numbers = SeededNumbers(UInt64(shape.dim * 100 + shape.tokens))
      rows = numbers.floats(shape.tokens * (shape.heads + 2 * shape.keyHeads) * shape.dim)
      let angles = numbers.floats(shape.tokens * shape.dim / 2)
      cosines = angles.map { cos($0 * 3) }
      sines = angles.map { sin($0 * 3) }
    }

    /// Outputs (tokens, heads * dim) by the definition.
    var expected: [Double] {
      let half = shape.dim / 2
      func turned(_ token: Int, _ head: Int) -> [Double] {
        let start = token * width + head * shape.dim
        func element(_ i: Int) -> Double {
          let place = shape.interleaved ? (i < half ? 2 * i : 2 * (i - half) + 1) : i
          return Double(rows[start + place])
        }
        return (0..<shape.dim).map { i in
          let (c, s) = (Double(cosines[token * half + i % half]), Double(sines[token * half + i % half]))
          return i < half ? element(i) * c - element(i + half) * s : element(i) * c + element(i - half) * s
        }
      }
      var out: [Double] = []
      for token in 0..<shape.tokens {
        let first = shape.window > 0 ? max(0, token + 1 - shape.window) : 0
        for head in 0..<shape.heads {
          let group = head / (shape.heads / shape.keyHeads)
          let query = turned(token, head)
          let scores = (first...token).map { other in
            zip(query, turned(other, shape.heads + group)).reduce(0) { $0 + $1.0 * $1.1 }
              / Double(shape.dim).squareRoot()
          }
          let largest = scores.max() ?? 0
          let weights = scores.map { exp($0 - largest) }
          let total = weights.reduce(0, +)
          out += (0..<shape.dim).map { i in
            zip(first...token, weights).reduce(0) {
              let place = (shape.heads + shape.keyHeads + group) * shape.dim + i
              return $0 + $1.1 / total * Double(rows[$1.0 * width + place])
            }
          }
        }
      }
      return out
    }

    /// The same by the kernel, in stretches of so many tokens.
    func found(_ context: TestContext, stretch: Int, single: Bool) -> [Float] {
      let capacity = (shape.tokens + 15) / 16 * 16
      var (rows, out) = (rows, [Float](repeating: .nan, count: shape.tokens * shape.heads * shape.dim))
      var keys = [Float](repeating: .nan, count: capacity * shape.keyHeads * shape.dim)
      var values = keys
      rows.withUnsafeMutableBufferPointer { rows in
        out.withUnsafeMutableBufferPointer { out in
          keys.withUnsafeMutableBufferPointer { keys in
            values.withUnsafeMutableBufferPointer { values in
              let tokens = (0..<shape.tokens).map { token in
                ck_cached_token(
                  qkv: rows.baseAddress.map { $0 + token * width },
                  out: out.baseAddress.map { $0 + token * shape.heads * shape.dim }, keys: keys.baseAddress,
                  values: values.baseAddress, capacity: capacity, position: token)
              }
              let form = ck_cached_shape(
                heads: shape.heads, kv_heads: shape.keyHeads, head_dim: shape.dim,
                scale: 1 / Float(shape.dim).squareRoot(), window: shape.window,
                interleaved: shape.interleaved ? 1 : 0, cosines: nil, sines: nil)
              cosines.withUnsafeBufferPointer { cosines in
                sines.withUnsafeBufferPointer { sines in
                  var form = form
                  form.cosines = cosines.baseAddress
                  form.sines = sines.baseAddress
                  for start in stride(from: 0, to: tokens.count, by: stretch) {
                    let part = Array(tokens[start..<min(start + stretch, tokens.count)])
                    #expect(
                      ck_cached_attention(context.pointer, form, part.count, part, single ? 1 : 0) == 0)
                  }
                }
              }
            }
          }
        }
      }
      return out
    }
  }

  @Test(arguments: shapes) func matchesTheDefinition(_ shape: Shape) {
    let attention = Case(shape)
    let expected = attention.expected
    for context in TestContext.all {
      let one = attention.found(context, stretch: 1, single: true)
      #expect(relativeError(one, expected) < 3e-6, "\(context.name)")
      // A text in one piece gives the bits of the same text token by token.
      #expect(attention.found(context, stretch: shape.tokens, single: false) == one, "\(context.name)")
      #expect(attention.found(context, stretch: 5, single: false) == one, "\(context.name)")
    }
  }

  @Test func weightsOfSampling() {
    for context in TestContext.all {
      for count in [1, 15, 16, 300] {
        var numbers = SeededNumbers(4)
        let logits = numbers.floats(count).map { $0 * 8 }
        let largest = logits.map { Double($0) }.max() ?? 0
        let expected = logits.map { exp((Double($0) - largest) * 0.5) }
        var weights = logits
        let sum = ck_sampling_weights(context.pointer, count, 0.5, &weights)
        #expect(relativeError(weights, expected) < 1e-6)
        #expect(abs(sum / expected.reduce(0, +) - 1) < 1e-6, "\(context.name)")
      }
    }
  }
}
