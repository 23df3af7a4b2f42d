import CKernels
import Glibc
import Testing

/// Blockwise attention against the plain formula in double precision.
@Suite struct ModelAttentionTests {
  struct Shape: Sendable { var lengths: [Int], heads: Int, keyValueHeads: Int, headDim: Int }

  /// Around the block of 64 queries and the pass of 384 keys, groups of 1 to 4, widths beside every panel.
  static let shapes: [Shape] = [
    .init(lengths: [1], heads: 1, keyValueHeads: 1, headDim: 2),
    .init(lengths: [3, 1, 7], heads: 4, keyValueHeads: 1, headDim: 6),
    .init(lengths: [64, 65, 63], heads: 2, keyValueHeads: 2, headDim: 20),
    .init(lengths: [130, 5], heads: 4, keyValueHeads: 2, headDim: 10),
    .init(lengths: [385, 2], heads: 1, keyValueHeads: 1, headDim: 4),
    .init(lengths: [66], heads: 2, keyValueHeads: 2, headDim: 64),
    .init(lengths: [17, 90], heads: 2, keyValueHeads: 1, headDim: 50),
  ]

  /// In bfloat16 the inputs are numbers that it has, so that only probabilities and their gradients are rounded, to eight
  /// bits; what is misplaced by a word is off by far more.
  @Test(arguments: shapes, [CK_F32, CK_BF16])
  func forwardAndBackward(_ shape: Shape, _ precision: ck_precision) throws {
    let isRounded = precision == CK_BF16
    var numbers = SeededNumbers(UInt64(shape.headDim))
    let reference = reference(shape, &numbers, significant: isRounded ? 0xFFFF_0000 : ~0)
    let tokens = shape.lengths.reduce(0, +)
    for context in TestContext.all {
      var out = [Float](repeating: .nan, count: reference.out.count)
      var lse = [Float](repeating: .nan, count: tokens * shape.heads)
      var dqkv = [Float](repeating: .nan, count: reference.dqkv.count)
      try reference.starts.withUnsafeBufferPointer { starts in
        let kernelShape = ck_attention_shape(
          sequences: shape.lengths.count, starts: starts.baseAddress, heads: shape.heads,
          kv_heads: shape.keyValueHeads, head_dim: shape.headDim, scale: Float(reference.scale),
          precision: precision)
        try #require(ck_attention_forward(context.pointer, kernelShape, reference.qkv, &out, &lse) == 0)
        try #require(
          ck_attention_backward(context.pointer, kernelShape, reference.qkv, out, lse, reference.dout, &dqkv)
            == 0)
      }
      #expect(relativeError(out, reference.out) < (isRounded ? 4e-3 : 3e-6), "\(context.name)")
      #expect(relativeError(lse, reference.lse) < 3e-6, "\(context.name)")
      #expect(relativeError(dqkv, reference.dqkv) < (isRounded ? 1e-2 : 1e-5), "\(context.name)")
    }
  }

  struct Reference {
    var starts: [Int32], scale: Double
    var qkv: [Float], dout: [Float]
    var out: [Double], lse: [Double], dqkv: [Double]
  }

  /// - Parameter significant: the bits that the inputs keep.
  private func reference(_ shape: Shape, _ numbers: inout SeededNumbers, significant: UInt32) -> Reference {
    func kept(_ x: Float) -> Float { Float(bitPattern: x.bitPattern & significant) }
    let (heads, kvHeads, d) = (shape.heads, shape.keyValueHeads, shape.headDim)
    let (width, outWidth, tokens) = ((heads + 2 * kvHeads) * d, heads * d, shape.lengths.reduce(0, +))
    var starts: [Int32] = [0]
    for length in shape.lengths { starts.append(starts[starts.count - 1] + Int32(length)) }
    var r = Reference(
      starts: starts, scale: 1 / Double(d).squareRoot(),
      qkv: numbers.floats(tokens * width).map { kept($0 * 3) },
      dout: numbers.floats(tokens * outWidth).map(kept), out: .init(repeating: 0, count: tokens * outWidth),
      lse: .init(repeating: 0, count: tokens * heads), dqkv: .init(repeating: 0, count: tokens * width))
    for (s, length) in shape.lengths.enumerated() {
      let first = Int(starts[s])
      for head in 0..<heads {
        let (q, k) = (head * d, (heads + head / (heads / kvHeads)) * d)
        let v = k + kvHeads * d
        for i in first..<first + length {
          let scores = (first...i).map { j in
            (0..<d).reduce(0.0) { $0 + Double(r.qkv[i * width + q + $1]) * Double(r.qkv[j * width + k + $1]) }
              * r.scale
          }
          let largest = scores.reduce(-.infinity, max)
          let lse = largest + log(scores.reduce(0) { $0 + exp($1 - largest) })
          r.lse[i * heads + head] = lse
          let p = scores.map { exp($0 - lse) }
          let dp = (first...i).map { j in
            (0..<d).reduce(0.0) {
              $0 + Double(r.dout[i * outWidth + q + $1]) * Double(r.qkv[j * width + v + $1])
            }
          }
          let delta = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
          for (step, j) in (first...i).enumerated() {
            let ds = p[step] * (dp[step] - delta) * r.scale
            for e in 0..<d {
              r.out[i * outWidth + q + e] += p[step] * Double(r.qkv[j * width + v + e])
              r.dqkv[j * width + v + e] += p[step] * Double(r.dout[i * outWidth + q + e])
              r.dqkv[i * width + q + e] += ds * Double(r.qkv[j * width + k + e])
              r.dqkv[j * width + k + e] += ds * Double(r.qkv[i * width + q + e])
            }
          }
        }
      }
    }
    return r
  }
}
