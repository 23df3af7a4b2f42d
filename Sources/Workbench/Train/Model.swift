import Llama

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
      let parameters = try TinyModel.write(to: path, seed: seed)
      return ModelResult(parameters: parameters, digest: try ModelDigest.of(folder: path))
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
