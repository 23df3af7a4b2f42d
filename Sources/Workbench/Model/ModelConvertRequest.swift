import Llama
import Objects

/// Writes a model in another format or element type.
public struct ModelConvertRequest: Sendable {
  /// The folder or GGUF file that is read.
  public var source: String
  /// The folder that is made, or a name that ends in `.gguf`.
  public var target: String
  /// What weights are written as; nil keeps the type of most of them where the target can hold it, and else takes f32.
  public var type: WeightType?

  /// What weights are written as.
  public enum WeightType: String, Sendable, CaseIterable {
    case f32, f16, bf16
    case q8_0
  }

  /// A request.
  public init(source: String, target: String, type: WeightType? = nil) {
    self.source = source
    self.target = target
    self.type = type
  }

  private var isFile: Bool { target.utf8.count > 5 && target.lowercased().hasSuffix(".gguf") }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> ModelConvertResult {
    try Failure.wrapping {
      let path = session.path(target)
      try checkTarget(path, session)
      let model = try StoredModel(path: session.path(source))
      let type = self.type ?? mainType(of: model)
      guard isFile || type != .q8_0 else {
        throw Failure(
          .usage, "a Hugging Face folder holds weights as f32, f16 or bf16, not as q8_0",
          hint: "give a name that ends in .gguf, or another `--type`")
      }
      let conversion = ModelConversion(model, to: type.conversion)
      if isFile { try conversion.writeGGUF(path) } else { try conversion.writeFolder(path) }
      let written = try StoredModel(path: path)
      return ModelConvertResult(
        source: source, target: target, isFile: isFile, type: type,
        parameters: written.tensors.reduce(0) { $0 + $1.range.count },
        bytes: written.weights.stored.reduce(0) { $0 + $1.byteCount })
    }
  }

  /// What is there may have taken days to train.
  private func checkTarget(_ path: String, _ session: Session) throws {
    let files = POSIXFileSystem()
    let status = try files.status(path)
    if isFile {
      if status != nil {
        throw Failure(.usage, "`\(target)` exists already", hint: "give another name, or remove it first")
      }
    } else {
      if let status, status.kind == .regular {
        throw Failure(
          .usage, "`\(target)` is a file",
          hint: "give the name of a folder, new or empty, or one that ends in .gguf")
      }
      if try files.status(path + "/config.json") != nil {
        throw Failure(
          .usage, "`\(target)` holds a model already", hint: "give another folder, or remove it first")
      }
    }
    try session.checkParent(of: target)
  }

  private func mainType(of model: StoredModel) -> WeightType {
    var bytes: [String: Int] = [:]
    for tensor in model.weights.stored where tensor.shape.count > 1 {
      bytes[tensor.type, default: 0] += tensor.byteCount
    }
    let main = bytes.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key.lowercased() ?? ""
    guard let type = WeightType(rawValue: main), isFile || type != .q8_0 else { return .f32 }
    return type
  }
}

/// The model that was written.
public struct ModelConvertResult: Sendable {
  /// The folder or file that was read, as asked for.
  public var source: String
  /// The folder or file that was written, as asked for.
  public var target: String
  /// Whether that is a GGUF file.
  public var isFile: Bool
  /// What matrices are stored as.
  public var type: ModelConvertRequest.WeightType
  /// Number of weights.
  public var parameters: Int
  /// Bytes of its tensors.
  public var bytes: Int
}

extension ModelConvertRequest.WeightType {
  var conversion: ModelConversion.WeightType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q8_0: .q8_0
    }
  }
}
