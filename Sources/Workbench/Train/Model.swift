import Llama
import Records

/// Makes a tiny untrained model.
public struct ModelRequest: Sendable {
  /// The folder.
  public var folder: String
  /// Seed of the weights.
  public var seed: UInt64

  /// A request.
  public init(folder: String, seed: UInt64) {
    self.folder = folder
    self.seed = seed
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> ModelResult {
    try Failure.wrapping {
      let path = session.path(folder)
      try TinyModel().write(to: path, seed: seed)
      let model = try ModelFolder(path: path).loadModel(threads: 1)
      return ModelResult(parameters: model.parameterCount, digest: try ModelDigest.of(folder: path).hex)
    }
  }
}

/// The model that was made.
public struct ModelResult: Sendable {
  /// Number of parameters.
  public var parameters: Int
  /// Digest of its weights and tokenizer.
  public var digest: String
}
