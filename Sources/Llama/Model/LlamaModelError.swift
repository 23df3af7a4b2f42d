/// What can be wrong with a model's numbers, tensors or batches.
public enum LlamaModelError: Error, Equatable, CustomStringConvertible {
  /// The configuration cannot be a model.
  case invalidConfig(String)
  /// No tensor of the model has this name.
  case unknownTensor(name: String)
  /// The values offered for a tensor are not as many as it holds.
  case wrongTensorSize(name: String, expected: Int, found: Int)
  /// A sequence of a batch cannot be trained on; `sequence` counts from 0.
  case invalidSequence(sequence: Int, reason: String)
  /// The processor lacks the instruction set asked for, or threads or memory for the kernels could not be had.
  case unavailable(ComputePath)
  /// Memory for this many bytes could not be had.
  case outOfMemory(bytes: Int)

  /// One clear sentence.
  public var description: String {
    switch self {
    case .invalidConfig(let reason): "this is not a LLaMA model mdata can run: \(reason)"
    case .unknownTensor(let name): "the model has no tensor named \(name)"
    case .wrongTensorSize(let name, let expected, let found):
      "tensor \(name) has \(expected) values in this model, but \(found) were given"
    case .invalidSequence(let sequence, let reason):
      "sequence \(sequence) of the batch cannot be used: \(reason)"
    case .unavailable(let path):
      "the \(path) kernels cannot run here: the processor lacks the instructions, or memory or threads ran out"
    case .outOfMemory(let bytes):
      "no memory for \(bytes >> 20) MiB: use shorter sequences, smaller micro-batches or a smaller model"
    }
  }
}
