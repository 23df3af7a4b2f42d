import CKernels

/// GFLOP/s of the matrix products of one step of 2,048 tokens: each layer's shapes forward, dX and dW, and the head's.
enum GEMMBench {
  static func run(threads: Int, _ precision: ck_precision, peak: Double = 0) {
    guard let context = ck_context_create(Int32(threads), CK_BEST) else { return }
    let shapes = [
      ("qkv", 2048, 960, 576, 30), ("o", 2048, 576, 576, 30), ("gate,up", 2048, 3072, 576, 30),
      ("down", 2048, 576, 1536, 30), ("head", 336, 49152, 576, 6),
    ]
    let floats = 49152 * 576
    let store = (0..<3).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: floats) }
    for buffer in store { for i in 0..<floats { buffer[i] = Float(i % 13) * 0.01 - 0.06 } }
    var (flops, time) = (0.0, 0.0)
    print(
      "isa \(String(cString: ck_context_isa_name(context))), \(threads) threads, \(precision == CK_BF16 ? "bf16" : "f32")"
    )
    for (name, tokens, outputs, inputs, times) in shapes {
      var line = "\(name) \(tokens)x\(outputs)x\(inputs):"
      for form in ["forward", "dX", "dW"] {
        var best = Double.infinity
        for _ in 0..<7 {
          let start = LlamaBench.seconds()
          switch form {
          case "forward":
            ck_gemm(
              context, CK_NT, precision, tokens, outputs, inputs, store[0], inputs, store[1], inputs, nil,
              store[2],
              outputs)
          case "dX":
            ck_gemm(
              context, CK_NN, precision, tokens, inputs, outputs, store[0], outputs, store[1], inputs, nil,
              store[2],
              inputs)
          default:
            ck_gemm(
              context, CK_TN, precision, outputs, inputs, tokens, store[0], outputs, store[1], inputs,
              store[2],
              store[2], inputs)
          }
          best = min(best, LlamaBench.seconds() - start)
        }
        let work = 2 * Double(tokens) * Double(outputs) * Double(inputs)
        flops += work * Double(times)
        time += best * Double(times)
        line += " \(form) \(Int(work / best / 1e9))"
      }
      print(line)
    }
    let share = peak > 0 ? ", \(Int(100 * flops / time / peak))% of its peak" : ""
    print("products weighted: \(Int(flops / time / 1e9)) GFLOP/s\(share), \(time) s a step")
    ck_context_destroy(context)
  }
}
