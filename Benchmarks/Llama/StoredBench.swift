import CKernels

/// Products with weights of each format, beyond every cache: GB/s of weights for 1 to 16 streams, and the share of what the
/// machine reads in the same run.
enum StoredBench {
  static func run(threads: Int) {
    guard let context = ck_context_create(Int32(threads), CK_BEST) else { return }
    defer { ck_context_destroy(context) }
    let formats: [(name: String, format: ck_format, elements: Int, bytes: Int)] = [
      ("F32", CK_STORED_F32, 1, 4), ("F16", CK_STORED_F16, 1, 2), ("BF16", CK_STORED_BF16, 1, 2),
      ("Q8_0", CK_STORED_Q8_0, 32, 34), ("Q4_0", CK_STORED_Q4_0, 32, 18), ("Q4_1", CK_STORED_Q4_1, 32, 20),
      ("Q5_0", CK_STORED_Q5_0, 32, 22), ("Q5_1", CK_STORED_Q5_1, 32, 24), ("Q4_K", CK_STORED_Q4_K, 256, 144),
      ("Q5_K", CK_STORED_Q5_K, 256, 176), ("Q6_K", CK_STORED_Q6_K, 256, 210),
    ]
    let (columns, total) = (2048, 256 << 20)
    guard let weights = ck_pages_allocate(total) else { return }
    defer { ck_pages_free(weights, total) }
    let bytes = weights.bindMemory(to: UInt8.self, capacity: total)
    // Bytes of which every two are a half-precision number of a usual size.
    for place in 0..<total { bytes[place] = UInt8(0x30 | (place &* 40_503 >> 7) & 7) }
    let x = [Float](repeating: 0.25, count: 16 * columns)
    print("isa \(String(cString: ck_context_isa_name(context))), \(threads) threads")
    for (name, format, elements, size) in formats {
      let bandwidth = ReadBandwidth.measure(threads: threads, repeats: 2)
      let rowBytes = columns / elements * size
      let rows = total / rowBytes
      var y = [Float](repeating: 0, count: 16 * rows)
      var line = "\(name): reads \(bandwidth.gigabytes)"
      for streams in [1, 2, 4, 8, 16] {
        var best = Double.infinity
        for _ in 0..<4 {
          let start = LlamaBench.seconds()
          y.withUnsafeMutableBufferPointer { y in
            var product = ck_stored_product(
              matrix: ck_stored(
                weights: weights, rows: rows, columns: columns, row_bytes: rowBytes, format: format),
              bias: nil, addend: nil, y: y.baseAddress, stride: rows)
            _ = ck_stored_multiply(context, 1, &product, streams, x, columns)
          }
          best = min(best, LlamaBench.seconds() - start)
        }
        let rate = Double(rows * rowBytes) / best
        line += "; \(streams): \(rate.gigabytes) \(Int(100 * rate / bandwidth))%"
      }
      LlamaBench.say(line)
    }
  }
}

extension Double {
  /// Bytes a second in billions.
  var gigabytes: String { "\((self / 1e8).rounded() / 10) GB/s" }
}
