import Llama
import Objects
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
      let files = POSIXFileSystem()
      if let status = try files.status(path), status.kind == .regular {
        throw Failure(.usage, "`\(folder)` is a file", hint: "give the name of a folder, new or empty")
      }
      // The folder may hold a model that took days to train.
      if try files.status(path + "/config.json") != nil {
        throw Failure(
          .usage, "`\(folder)` holds a model already", hint: "give another folder, or remove it first")
      }
      try TinyModel().write(to: path, seed: seed)
      let model = try TextModel(path: path).loadModel(threads: 1)
      return ModelResult(parameters: model.parameterCount, digest: try ModelDigest.of(path).hex)
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
