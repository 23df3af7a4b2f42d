import CKernels
import Testing

/// Products with a thin side against double precision, on every instruction set here.
@Suite struct ModelNarrowTests {
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (7, 3, 5), (8, 16, 64), (9, 17, 33), (64, 48, 100), (65, 49, 3), (130, 4, 640), (200, 96, 7),
    (3, 130, 40),
  ]

  @Test(arguments: shapes) func fewColumns(_ m: Int, _ n: Int, _ k: Int) throws {
    var numbers = SeededNumbers(UInt64(m * 31 + n * 7 + k))
    let (lda, ldc) = (k + 3, n + 2)
    let a = numbers.floats(m * lda)
    for form in [CK_NT, CK_NN] {
      let ldb = (form == CK_NT ? k : n) + 5
      let b = numbers.floats((form == CK_NT ? n : k) * ldb)
      let before = numbers.floats(m * ldc)
      var expected = before.map { Double($0) }
      for i in 0..<m {
        for j in 0..<n {
          expected[i * ldc + j] = (0..<k).reduce(0) {
            $0 + Double(a[i * lda + $1]) * Double(form == CK_NT ? b[j * ldb + $1] : b[$1 * ldb + j])
          }
        }
      }
      for context in TestContext.all {
        var c = before
        ck_narrow_product(context.pointer, form, m, n, k, a, lda, b, ldb, &c, ldc)
        #expect(relativeError(c, expected) < 1e-6, "\(context.name)")
        // What lies between the rows is nobody's.
        for i in 0..<m { #expect(c[i * ldc + n..<(i + 1) * ldc] == before[i * ldc + n..<(i + 1) * ldc]) }
      }
    }
  }

  @Test(arguments: shapes) func fewRows(_ k: Int, _ m: Int, _ n: Int) throws {
    var numbers = SeededNumbers(UInt64(m * 31 + n * 7 + k))
    let (lda, ldx) = (m + 3, n + 5)
    let a = numbers.floats(k * lda)
    let x = numbers.floats(k * ldx)
    for isTransposed in [false, true] {
      let (row, column) = isTransposed ? (1, m + 2) : (n + 2, 1)
      let before = numbers.floats((m + 2) * (n + 2))
      var expected = before.map { Double($0) }
      for i in 0..<m {
        for j in 0..<n {
          expected[i * row + j * column] += (0..<k).reduce(0) {
            $0 + Double(a[$1 * lda + i]) * Double(x[$1 * ldx + j])
          }
        }
      }
      for context in TestContext.all {
        var c = before
        ck_narrow_outer(context.pointer, m, n, k, a, lda, x, ldx, &c, row, column)
        #expect(relativeError(c, expected) < 1e-6, "\(context.name)")
      }
    }
  }

  /// A left side too deep for the panel is multiplied as any other.
  @Test func deepOnes() throws {
    var numbers = SeededNumbers(5)
    let (m, n, k) = (3, 4, 70_000)
    let (a, b) = (numbers.floats(m * k), numbers.floats(n * k))
    let expected = (0..<m * n).map { at in
      (0..<k).reduce(0.0) { $0 + Double(a[at / n * k + $1]) * Double(b[at % n * k + $1]) }
    }
    for context in TestContext.all {
      var c = [Float](repeating: .nan, count: m * n)
      ck_narrow_product(context.pointer, CK_NT, m, n, k, a, k, b, k, &c, n)
      #expect(relativeError(c, expected) < 1e-5, "\(context.name)")
    }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    var numbers = SeededNumbers(6)
    let (m, n, k) = (300, 16, 200)
    let (a, b, x) = (numbers.floats(m * k), numbers.floats(n * k), numbers.floats(m * 500))
    var found: [[Float]] = []
    for threads: Int32 in [1, 2, 5] {
      let context = try #require(ck_context_create(threads, CK_BEST))
      defer { ck_context_destroy(context) }
      var c = [Float](repeating: 0, count: m * n)
      ck_narrow_product(context, CK_NT, m, n, k, a, k, b, k, &c, n)
      var outer = [Float](repeating: 1, count: n * 500)
      ck_narrow_outer(context, n, 500, m, c, n, x, 500, &outer, 500, 1)
      found.append(c + outer)
    }
    #expect(found[0] == found[1] && found[0] == found[2])
  }
}
