import CKernels
import Testing

/// A product with a tail is the product, and then the tail's added to it.
@Suite struct ModelTailTests {
  static let shapes: [(m: Int, n: Int, k: Int, tail: Int)] = [
    (1, 1, 1, 1), (8, 48, 16, 3), (9, 49, 17, 8), (97, 193, 5, 1), (200, 100, 641, 33), (30, 20, 1300, 700),
    (4100, 2, 3, 2), (2, 4100, 3, 5), (5, 7, 0, 4), (5, 7, 4, 0),
  ]

  @Test(arguments: shapes, [CK_NT, CK_NN])
  func addsTheTail(_ shape: (m: Int, n: Int, k: Int, tail: Int), _ form: ck_form) throws {
    let (m, n, k, tail) = shape
    var numbers = SeededNumbers(UInt64(m * 31 + n * 7 + k + tail))
    let (lda, ldc, lda2) = (k + 3, n + 2, tail + 1)
    let ldb = (form == CK_NT ? k : n) + 5
    let ldb2 = (form == CK_NT ? tail : n) + 4
    let a = numbers.floats(m * lda)
    let b = numbers.floats((form == CK_NT ? n : k) * ldb + 1)
    let a2 = numbers.floats(m * lda2)
    let b2 = numbers.floats((form == CK_NT ? n : tail) * ldb2 + 1)
    let addend = numbers.floats(m * ldc)
    for precision in [CK_F32, CK_BF16] {
      for context in TestContext.all {
        var expected = [Float](repeating: 0, count: m * ldc)
        ck_gemm(context.pointer, form, precision, m, n, k, a, lda, b, ldb, addend, &expected, ldc)
        expected.withUnsafeMutableBufferPointer {
          let c = $0.baseAddress
          ck_gemm(
            context.pointer, form, precision, m, n, tail, a2, lda2, b2, ldb2, c.map { UnsafePointer($0) }, c,
            ldc)
        }
        var found = [Float](repeating: 0, count: m * ldc)
        a2.withUnsafeBufferPointer { a2 in
          b2.withUnsafeBufferPointer { b2 in
            let second = ck_tail(k: tail, a: a2.baseAddress, lda: lda2, b: b2.baseAddress, ldb: ldb2)
            ck_gemm_with_tail(
              context.pointer, form, precision, m, n, k, a, lda, b, ldb, second, addend, &found, ldc)
          }
        }
        #expect(relativeError(found, expected.map { Double($0) }) < 1e-6, "\(context.name)")
      }
    }
  }
}
