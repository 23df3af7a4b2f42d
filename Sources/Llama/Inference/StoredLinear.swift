internal import CKernels

/// A linear layer over stored weights, with an adapter beside it or not: y = x · Wᵀ + bias + B (A x).
struct StoredLinear {
  let matrix: ck_stored  // (outputs, inputs)
  let bias: UnsafePointer<Float>?  // (outputs)
  var adapter: Adapter?

  /// The thin matrices of an adapter; B has the adapter's scale in it.
  struct Adapter {
    let a: ck_stored  // (rank, inputs)
    let b: ck_stored  // (outputs, rank)
  }

  /// Where one of several layers that share their input writes: (rows, stride) from `y` on.
  struct Output {
    let linear: StoredLinear
    let y: UnsafeMutablePointer<Float>
    let stride: Int
    var addend: UnsafePointer<Float>?
  }
}

extension StoredLinear.Output {
  var product: ck_stored_product {
    ck_stored_product(matrix: linear.matrix, bias: linear.bias, addend: addend, y: y, stride: stride)
  }
}
