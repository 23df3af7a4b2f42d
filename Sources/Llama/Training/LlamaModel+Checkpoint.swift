extension LlamaModel {
  private static let first = "first_moment."
  private static let second = "second_moment."

  /// Writes what is trained, and with `moments` the optimiser's state too, as one safetensors file. The file appears
  /// complete or not at all.
  ///
  /// Throws `SafetensorsError`, `FileFailure`.
  public func writeTrained(to path: String, moments: Bool) throws {
    var tensors: [OutgoingTensor] = []
    for tensor in trainedTensors {
      tensors.append(
        OutgoingTensor(name: tensor.name, shape: tensor.shape) { use in
          try self.withTrainedWeight(tensor.name, use)
        })
      guard moments else { continue }
      tensors.append(
        OutgoingTensor(name: Self.first + tensor.name, shape: tensor.shape) { use in
          try self.withMoments(tensor.name) { first, _ in try use(first) }
        })
      tensors.append(
        OutgoingTensor(name: Self.second + tensor.name, shape: tensor.shape) { use in
          try self.withMoments(tensor.name) { _, second in try use(second) }
        })
    }
    try SafetensorsWriter.write(tensors, to: path)
  }

  /// Reads back, in place, what `writeTrained` wrote of such a model.
  ///
  /// Throws `SafetensorsError`, `FileFailure`; the model is spoiled then.
  public func readTrained(from path: String, moments: Bool) throws {
    let file = try SafetensorsFile(path: path)
    for tensor in trained.tensors {
      try file.read(tensor.name, shape: tensor.shape, into: place(trained.weights, tensor))
      guard moments else { continue }
      try file.read(Self.first + tensor.name, shape: tensor.shape, into: place(trained.firstMoments, tensor))
      try file.read(
        Self.second + tensor.name, shape: tensor.shape, into: place(trained.secondMoments, tensor))
    }
  }

  private func place(_ arena: FloatArena, _ tensor: ModelTensor) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: arena.base + tensor.range.lowerBound, count: tensor.range.count)
  }
}
