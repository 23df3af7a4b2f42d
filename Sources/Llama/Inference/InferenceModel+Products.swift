internal import CKernels

extension InferenceModel {
  /// Layers that share the input x (rows, inputs).
  func multiply(
    _ rows: Int, _ isStored: Bool, _ x: UnsafePointer<Float>, _ inputs: Int, _ outputs: [StoredLinear.Output]
  ) throws {
    if isStored {
      try multiplyStored(rows, x, inputs, outputs)
    } else {
      for output in outputs { multiplyUnpacked(rows, x, inputs, output) }
    }
    for output in outputs {
      guard let adapter = output.linear.adapter else { continue }
      try multiplyStored(
        rows, x, inputs,
        [
          StoredLinear.Output(
            linear: StoredLinear(matrix: adapter.a, bias: nil), y: buffers.hidden, stride: adapter.a.rows)
        ])
      try multiplyStored(
        rows, buffers.hidden, adapter.a.rows,
        [
          StoredLinear.Output(
            linear: StoredLinear(matrix: adapter.b, bias: nil), y: output.y, stride: output.stride,
            addend: UnsafePointer(output.y))
        ])
    }
  }

  func multiplyStored(
    _ rows: Int, _ x: UnsafePointer<Float>, _ inputs: Int, _ outputs: [StoredLinear.Output]
  ) throws(LlamaModelError) {
    let products = outputs.map(\.product)
    guard ck_stored_multiply(kernels.context, products.count, products, rows, x, inputs) == 0 else {
      throw .outOfMemory(bytes: rows * inputs * 4)
    }
  }

  /// A block of a prompt: a stretch of rows of the matrix as floats at a time, through the packed product.
  private func multiplyUnpacked(
    _ rows: Int, _ x: UnsafePointer<Float>, _ inputs: Int, _ output: StoredLinear.Output
  ) {
    let matrix = output.linear.matrix
    let step = max(InferenceBuffers.unpackedFloats / inputs, 1)
    for first in stride(from: 0, to: matrix.rows, by: step) {
      let count = min(step, matrix.rows - first)
      ck_stored_unpack(kernels.context, matrix, first, count, buffers.unpacked)
      ck_gemm(
        kernels.context, CK_NT, CK_F32, rows, count, inputs, x, inputs, buffers.unpacked, inputs,
        output.addend.map { $0 + first }, output.y + first, output.stride)
    }
    guard let bias = output.linear.bias else { return }
    for row in 0..<rows {
      for column in 0..<matrix.rows { output.y[row * output.stride + column] += bias[column] }
    }
  }
}
