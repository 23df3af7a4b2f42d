import Records

/// Writes a stored model in another format or element type, one tensor in memory at a time.
public struct ModelConversion {
  /// What matrices are written as. Gains and biases of GGUF files stay F32, as llama.cpp wants them.
  public enum WeightType: String, Sendable, CaseIterable {
    case f32, f16, bf16
    case q8_0
  }

  /// The model.
  public let source: StoredModel
  /// The element type of matrices.
  public let type: WeightType

  /// A conversion of an opened model.
  public init(_ source: StoredModel, to type: WeightType) {
    self.source = source
    self.type = type
  }

  /// Writes a folder that transformers loads: weights, tokenizer files, and config.json last.
  ///
  /// Throws `ModelConversionError`, and what reading and writing throw.
  public func writeFolder(_ folder: String) throws {
    try writeFolder(folder, source.tensors.map { outgoing($0) })
  }

  /// The same with the weights of a model that was made of it.
  public func writeFolder(_ folder: String, weightsOf model: LlamaModel) throws {
    try writeFolder(
      folder,
      source.tensors.map { tensor in
        OutgoingTensor(name: tensor.name, shape: tensor.shape) { use in
          try model.withWeight(tensor.name, use)
        }
      })
  }

  /// Throws what `writeFolder` would for a tokenizer or rotary positions that have no form in a folder.
  public func checkFolder() throws {
    _ = try source.config.ropeScaling.named(
      source.path, headDim: source.config.headDim, theta: source.config.ropeTheta)
    _ = try companions(vocabulary: source.config.vocabulary)
  }

  private func writeFolder(_ folder: String, _ tensors: [OutgoingTensor]) throws {
    guard let elements = SafetensorsWriter.ElementType(type) else {
      throw ModelConversionError.quantizedFolder
    }
    let scaling = try source.config.ropeScaling.named(
      source.path, headDim: source.config.headDim, theta: source.config.ropeTheta)
    let files = try companions(vocabulary: source.config.vocabulary)
    try makeFolder(folder)
    for file in files { try OutputFile.replace(folder + "/" + file.name, with: file.bytes) }
    try ShardedSafetensors.write(tensors, as: elements, to: folder)
    let configuration = configuration(elements, scaling)
    try OutputFile.replace(folder + "/config.json", with: ConfigurationText.encode(configuration))
  }

  /// Writes one GGUF file that llama.cpp loads.
  ///
  /// Throws `ModelConversionError`, and what reading and writing throw.
  public func writeGGUF(_ path: String) throws {
    let order = RotaryRowOrder(headDim: source.config.headDim)
    var tensors: [(tensor: OutgoingTensor, type: GGUFWriter.ElementType)] = []
    if let factors = source.config.ropeScaling.storedFactors(
      headDim: source.config.headDim, theta: source.config.ropeTheta)
    {
      tensors.append(
        (
          OutgoingTensor(name: GGUFTensorName.rotaryFactors, shape: [factors.count], elements: factors),
          .float32
        ))
    }
    for tensor in source.tensors {
      guard let name = GGUFTensorName.of(tensor.name) else {
        throw GGUFError.unwritable(path: path, reason: "tensor \"\(tensor.name)\" has no name in GGUF")
      }
      var outgoing = outgoing(tensor, inOrder: GGUFTensorName.isRotated(tensor.name) ? order : nil)
      outgoing.name = name
      tensors.append((outgoing, GGUFWriter.ElementType(type, shape: tensor.shape)))
    }
    let metadata = try GGUFModelMetadata(source, type).entries()
    try GGUFWriter.write(metadata: metadata, tensors: tensors, to: path)
  }

  private func outgoing(_ tensor: ModelTensor, inOrder order: RotaryRowOrder? = nil) -> OutgoingTensor {
    OutgoingTensor(name: tensor.name, shape: tensor.shape) { use in
      let elements = try source.weights.floats(tensor.name, shape: tensor.shape)
      guard let order else { return try elements.withUnsafeBufferPointer(use) }
      // A bias has the order of the matrix's rows.
      let width = tensor.shape.count > 1 ? tensor.shape[1] : 1
      try withUnsafeTemporaryAllocation(of: Float.self, capacity: elements.count) { permuted in
        for row in 0..<tensor.shape[0] {
          let place = order.stored(row) * width
          for column in 0..<width { permuted[place + column] = elements[row * width + column] }
        }
        try use(UnsafeBufferPointer(permuted))
      }
    }
  }

  private func companions(vocabulary: Int) throws -> [(name: String, bytes: [UInt8])] {
    switch source.source {
    case .folder: return try ModelFolder.companionFiles(in: source.path)
    case .gguf(let file):
      guard let tokenizer = try GGUFTokenizer(file.header, path: file.path) else { return [] }
      return try TokenizerFiles(tokenizer, path: file.path, maxPositions: source.config.maxPositions).files()
    }
  }

  private func configuration(_ elements: SafetensorsWriter.ElementType, _ scaling: RopeScaling) -> JSONValue {
    switch source.source {
    case .folder(let configuration): return ModelFolder.naming(elements, in: configuration)
    case .gguf(let file):
      let ids = (try? GGUFTokenizer(file.header, path: file.path))?.ids ?? [:]
      return source.config.configuration(elements, scaling: scaling, ids: ids)
    }
  }
}

/// Why a model cannot be converted as asked.
public enum ModelConversionError: Error, Equatable, CustomStringConvertible {
  /// Hugging Face folders have no blocks.
  case quantizedFolder
  /// The rotary frequencies have no name in the other format.
  case ropeScaling(path: String, reason: String)
  /// The tokenizer cannot be said in the other format.
  case tokenizer(path: String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .quantizedFolder: "a Hugging Face folder holds weights as f32, f16 or bf16, not as q8_0"
    case .ropeScaling(let path, let reason): "\(path): the rotary positions \(reason)"
    case .tokenizer(let path, let reason):
      "\(path): the tokenizer \(reason), which mdata does not convert yet"
    }
  }
}

extension SafetensorsWriter.ElementType {
  init?(_ type: ModelConversion.WeightType) {
    switch type {
    case .f32: self = .float32
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    case .q8_0: return nil
    }
  }

  /// What transformers calls it.
  var torchName: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    }
  }
}

extension GGUFWriter.ElementType {
  /// Vectors stay as they are; rows that are no whole number of blocks are kept in half precision, as llama.cpp's
  /// converter does.
  init(_ type: ModelConversion.WeightType, shape: [Int]) {
    switch type {
    case _ where shape.count < 2: self = .float32
    case .f32: self = .float32
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    case .q8_0: self = (shape.last ?? 0) % 32 == 0 ? .q8_0 : .float16
    }
  }
}
