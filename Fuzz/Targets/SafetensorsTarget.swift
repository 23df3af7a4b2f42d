import Llama

extension FuzzTarget {
  /// The header of a safetensors file: the first two bytes say how much data follows it.
  static let safetensors = FuzzTarget("safetensors") { input in
    guard input.count >= 2 else { return false }
    let count = Int(input[0]) << 8 | Int(input[1])
    do {
      let header = try input.dropFirst(2).withUnsafeBytes {
        try SafetensorsHeader(json: $0, dataCount: count, path: "model")
      }
      var end = 0
      for tensor in header.tensors {
        try promise(tensor.bytes.lowerBound == end, "tensors overlap or leave a hole")
        end = tensor.bytes.upperBound
      }
      try promise(end == count, "tensors take \(end) bytes of \(count)")
    } catch is SafetensorsError {
      return false
    }
    return true
  }
}
