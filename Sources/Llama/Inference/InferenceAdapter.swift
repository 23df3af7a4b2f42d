internal import CKernels

/// An adapter's layers on their way to the layers of a model that they stand beside.
struct InferenceAdapter {
  private var layers: [String: LoRAAdapter.Layer] = [:]
  private let rank: Int
  private let scale: Float
  private let path: String
  private let order: RotaryRowOrder?
  private let tensors: StoredTensors

  init(_ adapter: LoRAAdapter?, path: String, headDim: Int, _ tensors: StoredTensors) {
    for layer in adapter?.layers ?? [] { layers[layer.name] = layer }
    rank = adapter?.rank ?? 0
    scale = Float(adapter?.scale ?? 0)
    self.path = path
    self.tensors = tensors
    order = tensors.isInterleaved ? RotaryRowOrder(headDim: headDim) : nil
  }

  /// The matrices beside this layer, if there are any. Throws `AdapterError.tensors` when they have other widths.
  mutating func take(_ name: String, outputs: Int, inputs: Int) throws -> StoredLinear.Adapter? {
    guard let layer = layers.removeValue(forKey: name) else { return nil }
    guard layer.outputs == outputs, layer.inputs == inputs else {
      throw AdapterError.tensors(
        path: path,
        reason:
          "layer \"\(name)\" is \(layer.inputs) to \(layer.outputs) wide, but the model's is \(inputs) to \(outputs)"
      )
    }
    var b = [Float](repeating: 0, count: layer.b.count)
    let order = GGUFTensorName.isRotated(name + ".weight") ? order : nil
    for row in 0..<outputs {
      let place = (order?.stored(row) ?? row) * rank
      for column in 0..<rank { b[place + column] = layer.b[row * rank + column] * scale }
    }
    return StoredLinear.Adapter(
      a: try tensors.matrix(layer.a, rows: rank, columns: inputs),
      b: try tensors.matrix(b, rows: outputs, columns: rank))
  }

  /// Throws `AdapterError.tensors` when a layer found no place.
  func finish() throws {
    guard let name = layers.keys.min() else { return }
    throw AdapterError.tensors(path: path, reason: "layer \"\(name)\" has no place in the model")
  }
}
