import CKernels
import Testing

@Suite struct ModelProductTests {
  struct Shape: Sendable { var m, n, k: Int }

  /// Around every panel width (4, 8, 24, 48), tile (96, 192), vector (4, 8, 16) and depth (640), and degenerate ones.
  static let shapes: [Shape] = [
    .init(m: 1, n: 1, k: 1), .init(m: 1, n: 1, k: 0), .init(m: 3, n: 5, k: 2), .init(m: 8, n: 48, k: 16),
    .init(m: 9, n: 49, k: 17), .init(m: 7, n: 47, k: 15), .init(m: 97, n: 193, k: 5),
    .init(m: 193, n: 97, k: 3),
    .init(m: 4, n: 24, k: 641), .init(m: 2, n: 3, k: 1300), .init(m: 1, n: 200, k: 31),
    .init(m: 200, n: 1, k: 33),
    .init(m: 4100, n: 2, k: 3), .init(m: 2, n: 4100, k: 3), .init(m: 24, n: 40, k: 64),
  ]

  enum Addend: CaseIterable { case none, itself, another }

  /// The nearest bfloat16, ties to even.
  private static func rounded(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
  }

  @Test(arguments: shapes, [CK_NT, CK_NN, CK_TN])
  func productsMatchDoublePrecision(_ shape: Shape, _ form: ck_form) throws {
    for precision in [CK_F32, CK_BF16] { try productsMatch(shape, form, precision) }
  }

  private func productsMatch(_ shape: Shape, _ form: ck_form, _ precision: ck_precision) throws {
    let operand: (Float) -> Double = { Double(precision == CK_BF16 ? Self.rounded($0) : $0) }
    var numbers = SeededNumbers(UInt64(shape.m * 31 + shape.n * 7 + shape.k))
    let (m, n, k) = (shape.m, shape.n, shape.k)
    // Rows are longer than what is used, so that a wrong stride shows.
    let lda = (form == CK_TN ? m : k) + 3
    let ldb = (form == CK_NT ? k : n) + 5
    let ldc = n + 2
    let a = numbers.floats((form == CK_TN ? k : m) * lda + 1)
    let b = numbers.floats((form == CK_NT ? n : k) * ldb + 1)
    let other = numbers.floats(m * ldc)
    let before = numbers.floats(m * ldc)
    for addend in Addend.allCases {
      var expected = before.map { Double($0) }
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k {
            let x = form == CK_TN ? a[p * lda + i] : a[i * lda + p]
            let y = form == CK_NT ? b[j * ldb + p] : b[p * ldb + j]
            sum += operand(x) * operand(y)
          }
          let start: Double =
            switch addend {
            case .none: 0
            case .itself: Double(before[i * ldc + j])
            case .another: Double(other[i * ldc + j])
            }
          expected[i * ldc + j] = start + sum
        }
      }
      for context in TestContext.all {
        var c = before
        c.withUnsafeMutableBufferPointer { c in
          other.withUnsafeBufferPointer { other in
            let start: UnsafePointer<Float>? =
              switch addend {
              case .none: nil
              case .itself: UnsafePointer(c.baseAddress)
              case .another: other.baseAddress
              }
            ck_gemm(context.pointer, form, precision, m, n, k, a, lda, b, ldb, start, c.baseAddress, ldc)
          }
        }
        #expect(relativeError(c, expected) < 2e-6, "\(context.name) \(addend)")
      }
    }
  }
}
