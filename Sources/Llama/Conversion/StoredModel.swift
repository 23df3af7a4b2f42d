public import Records

/// A model on disk in either format, opened without its tokenizer: numbers and weights, the latter not read yet.
public struct StoredModel: Sendable {
  /// Where the numbers came from.
  public enum Source: Sendable {
    /// A folder in Hugging Face's form, with its config.json.
    case folder(configuration: JSONValue)
    /// One file.
    case gguf(GGUFFile)
  }

  /// The path as given.
  public let path: String
  /// The model's numbers.
  public let config: LlamaConfig
  /// The weights.
  public let weights: any WeightStore
  /// The format, and what only it has.
  public let source: Source

  /// Opens a folder or a GGUF file, and checks that it has the tensors of a LLaMA and no others.
  ///
  /// Throws `ModelFolderError`, `GGUFError`, `SafetensorsError`, `LlamaModelError`, `FileFailure`.
  public init(path: String) throws {
    self.path = path
    if isFolder(path) {
      let file = try ConfigurationFile(path: path + "/config.json")
      config = try LlamaConfig(json: file.value, path: file.path)
      weights = try ModelWeights(folder: path)
      source = .folder(configuration: file.value)
    } else {
      let file = try GGUFFile(path: path)
      config = try LlamaConfig(file)
      weights = GGUFWeights(file, headDim: config.headDim)
      source = .gguf(file)
    }
    try checkTensors()
  }

  /// The tensors of the model, as transformers names them.
  public var tensors: [ModelTensor] { TensorLayout(config).tensors }

  /// Makes the model and reads its weights. `threads` includes the caller's own.
  public func loadModel(
    threads: Int, path: ComputePath = .best, precision: Precision = .f32, adapter: AdapterConfig? = nil
  ) throws -> LlamaModel {
    try LlamaModel(
      config: config, weights: weights, threads: threads, path: path, precision: precision, adapter: adapter)
  }

  /// A tensor that the model code does not use would be lost without a word.
  private func checkTensors() throws {
    var expected: [[UInt8]: [Int]] = [:]
    for tensor in tensors { expected[Array(stored(tensor.name).utf8)] = tensor.shape }
    for tensor in weights.stored {
      if let shape = expected.removeValue(forKey: Array(tensor.name.utf8)) {
        guard shape == tensor.shape else { throw wrongShape(tensor, shape) }
      } else if !isRedundant(tensor.name) {
        throw ModelFolderError.unsupported(
          path: path, key: tensor.name, reason: "is a tensor that this model's configuration has no place for"
        )
      }
    }
    guard let missing = tensors.first(where: { expected[Array(stored($0.name).utf8)] != nil }) else { return }
    switch source {
    case .folder: throw SafetensorsError.missing(path: path, tensor: missing.name)
    case .gguf: throw GGUFError.missing(path: path, tensor: stored(missing.name))
    }
  }

  private func stored(_ name: String) -> String {
    switch source {
    case .folder: name
    case .gguf: GGUFTensorName.of(name) ?? name
    }
  }

  private func wrongShape(_ tensor: StoredTensor, _ shape: [Int]) -> any Error {
    switch source {
    case .folder:
      SafetensorsError.shape(path: path, tensor: tensor.name, found: tensor.shape, expected: shape)
    case .gguf: GGUFError.shape(path: path, tensor: tensor.name, found: tensor.shape, expected: shape)
    }
  }

  /// What follows from the configuration: old folders keep the rotary frequencies, and some a tied head.
  private func isRedundant(_ name: String) -> Bool {
    switch source {
    case .folder: name.hasSuffix(".rotary_emb.inv_freq") || (config.tiedHead && name == "lm_head.weight")
    case .gguf: name == GGUFTensorName.rotaryFactors
    }
  }
}
