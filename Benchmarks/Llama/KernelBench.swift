import CKernels
import Dispatch
import Peak

/// Every kernel of the finetuner at the sizes of SmolLM2-135M and 2,048 tokens: its rate, and the share of what the same
/// threads reach in the same run, of arithmetic in registers or of moving memory. What fits into the last cache moves faster
/// than memory, and shares of more than 100% say so.
struct KernelBench {
  private let threads: Int
  private let context: OpaquePointer
  private let arena: UnsafeMutablePointer<Float>
  private let moved: Double

  private static let (tokens, dim, wide, heads, keyHeads, headDim) = (2048, 576, 1536, 9, 3, 64)
  private static let floats = 160 << 20

  init?(threads: Int) {
    guard let context = ck_context_create(Int32(threads), CK_BEST),
      let pages = ck_pages_allocate(Self.floats * 4)
    else { return nil }
    self.threads = threads
    self.context = context
    arena = pages.bindMemory(to: Float.self, capacity: Self.floats)
    for place in 0..<Self.floats { arena[place] = Float(place % 13) * 0.01 - 0.06 }
    moved = Self.triad(threads, arena)
  }

  func run() {
    defer { ck_context_destroy(context) }
    print(
      "isa \(String(cString: ck_context_isa_name(context))), \(threads) threads; moving memory \(moved.gigabytes)"
    )
    for precision in [CK_F32, CK_BF16] {
      let peak = Self.arithmetic(threads, pairs: precision == CK_BF16)
      let name = precision == CK_BF16 ? "bf16" : "f32"
      print(
        "peak of \(name): \(Int(peak / 1e9)) GFLOP/s\(peak == 0 ? ", which this processor does not multiply" : "")"
      )
      GEMMBench.run(threads: threads, precision, peak: peak)
      attention(precision, name, peak)
    }
    adapter(Self.arithmetic(threads, pairs: false))
    layers()
    optimiser()
  }

  // MARK: Arithmetic

  private func attention(_ precision: ck_precision, _ name: String, _ peak: Double) {
    let (length, sequences) = (512, Self.tokens / 512)
    let starts = (0...sequences).map { Int32($0 * length) }
    let width = (Self.heads + 2 * Self.keyHeads) * Self.headDim
    let (qkv, out) = (arena, arena + Self.tokens * width)
    let lse = out + Self.tokens * Self.heads * Self.headDim
    let dqkv = lse + Self.tokens * Self.heads
    // One product over the causal half, for every head.
    let product = Double(2 * sequences * length * (length + 1) / 2 * Self.heads * Self.headDim)
    starts.withUnsafeBufferPointer { starts in
      let shape = ck_attention_shape(
        sequences: sequences, starts: starts.baseAddress, heads: Self.heads, kv_heads: Self.keyHeads,
        head_dim: Self.headDim, scale: 0.125, precision: precision)
      compute("attention forward \(name)", 2 * product, peak) {
        _ = ck_attention_forward(context, shape, qkv, out, lse)
      }
      compute("attention backward \(name)", 5 * product, peak) {
        _ = ck_attention_backward(context, shape, qkv, out, lse, out, dqkv)
      }
    }
  }

  private func adapter(_ peak: Double) {
    let (rank, a) = (16, arena + Self.tokens * 3072)
    let c = a + 3072 * 16
    let flops = Double(2 * Self.tokens * rank * 3072)
    compute("thin product 2048x16x3072 f32", flops, peak) {
      ck_narrow_product(context, CK_NN, Self.tokens, rank, 3072, arena, 3072, a, rank, c, rank)
    }
    compute("thin outer product 16x3072x2048 f32", flops, peak) {
      ck_narrow_outer(context, rank, 3072, Self.tokens, c, rank, arena, 3072, a, 1, rank)
    }
  }

  // MARK: Memory

  private func layers() {
    let (t, d, f) = (Self.tokens, Self.dim, Self.wide)
    let (x, y, z) = (arena, arena + t * 2 * f, arena + t * 4 * f)
    let gain = arena + t * 6 * f
    let partial = gain + d
    move("rmsnorm forward", 8 * t * d) { ck_rmsnorm_forward(context, t, d, nil, x, gain, 1e-5, y) }
    move("rmsnorm backward", 16 * t * d) {
      ck_rmsnorm_backward(context, t, d, nil, x, gain, 1e-5, y, z, gain, partial)
    }
    let positions = (0..<t).map { Int32($0 % 512) }
    let angles = [Float](repeating: 0.6, count: 512 * Self.headDim / 2)
    let rotated = (Self.heads + Self.keyHeads) * Self.headDim
    move("rope", 8 * t * rotated) {
      ck_rope(
        context, t, Self.heads + Self.keyHeads, Self.headDim, rotated + Self.keyHeads * Self.headDim,
        positions,
        angles, angles, 1, x)
    }
    move("swiglu forward", 12 * t * f) { ck_swiglu_forward(context, t, f, x, y) }
    move("swiglu backward", 20 * t * f) { ck_swiglu_backward(context, t, f, x, y, z) }
    move("dropout", 8 * t * f) { ck_dropout(context, t * f, 7, 0.1, x, nil, y) }
    let (rows, vocabulary) = (336, 49_152)
    let labels = (0..<rows).map { Int32($0) }
    var losses = [Double](repeating: 0, count: rows)
    move("cross-entropy", 8 * rows * vocabulary) {
      ck_cross_entropy(context, rows, vocabulary, arena, labels, 1, 1, &losses)
    }
  }

  private func optimiser() {
    let count = 32 << 20
    let step = ck_adamw(
      beta1: 0.9, beta2: 0.999, new1: 0.1, new2: 0.001, rate: 1e-5, root: 1, keep: 1, eps: 1e-8,
      gradient_scale: 1)
    move("adamw", 28 * count) {
      ck_adamw_step(context, count, step, arena, arena + count, arena + 2 * count, arena + 3 * count)
    }
    move("norm of gradients", 4 * count) { _ = ck_sum_of_squares(context, count, arena) }
    move("zero", 4 * count) { ck_zero(context, count, arena) }
  }

  // MARK: Measuring

  private func compute(_ name: String, _ flops: Double, _ peak: Double, _ work: () -> Void) {
    let rate = flops / Self.best(work)
    let share = peak > 0 ? ", \(Int(100 * rate / peak))% of its peak" : ""
    LlamaBench.say("\(name): \(Int(rate / 1e9)) GFLOP/s\(share)")
  }

  private func move(_ name: String, _ bytes: Int, _ work: () -> Void) {
    let rate = Double(bytes) / Self.best(work)
    LlamaBench.say("\(name): \(rate.gigabytes), \(Int(100 * rate / moved))% of moving memory")
  }

  /// The shortest of seven.
  private static func best(_ work: () -> Void) -> Double {
    (0..<7).map { _ in
      let start = LlamaBench.seconds()
      work()
      return LlamaBench.seconds() - start
    }.min() ?? .infinity
  }

  /// All threads together.
  static func arithmetic(_ threads: Int, pairs: Bool) -> Double {
    var rates = [Double](repeating: 0, count: threads)
    rates.withUnsafeMutableBufferPointer { rates in
      nonisolated(unsafe) let rates = rates
      DispatchQueue.concurrentPerform(iterations: threads) { rates[$0] = peak_flops(pairs ? 1 : 0, 0.5) }
    }
    return rates.reduce(0, +)
  }

  /// Bytes a second of x = a + s · b, three arrays that no cache holds.
  private static func triad(_ threads: Int, _ arena: UnsafeMutablePointer<Float>) -> Double {
    let count = floats / 3 / threads
    let time = best {
      nonisolated(unsafe) let arena = arena
      DispatchQueue.concurrentPerform(iterations: threads) { part in
        let first = arena + part * 3 * count
        peak_triad(count, 0, first, first + count, first + 2 * count)
      }
    }
    return Double(12 * count * threads) / time
  }
}
