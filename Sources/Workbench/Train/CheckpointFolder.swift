import Llama
import Objects
import Records

/// A training that is not finished, on disk: one file that says how far it came, and the weights and moments beside it.
///
/// The file is replaced in one step after what it names is durable, so there is one whole checkpoint at any moment.
struct CheckpointFolder {
  static let fileName = "checkpoint.json"
  let path: String

  /// The checkpoint there; nil when there is none.
  ///
  /// - Throws: ``Failure`` when it is damaged.
  func read() throws -> Checkpoint? {
    let files = POSIXFileSystem()
    let file = path + "/" + Self.fileName
    guard try files.status(file) != nil else { return nil }
    do {
      let written = try JSON.parse(try files.contents(of: file, limit: 1 << 20))
      guard let value = written["checkpoint"], let digest = written["sha256"]?.string else {
        throw Failure(.data, "there is no checkpoint in it")
      }
      let bytes = CanonicalJSON.encode(value)
      guard ModelDigest.digest(bytes).hex == digest else {
        throw Failure(.data, "its digest is another one than it says")
      }
      return try Checkpoint(parsing: bytes)
    } catch let error where !(error is ObjectsError) {
      throw Failure(.data, "`\(file)` is damaged: \(error)", hint: Self.damageHint)
    }
  }

  /// Makes the state durable. `isBest` also keeps the weights apart, as the best so far.
  ///
  /// - Parameter describe: the checkpoint for the files that were written.
  func write(
    _ model: LlamaModel, step: Int, best: Checkpoint.Tensors?, in session: Session,
    _ describe: (Checkpoint.Tensors) -> Checkpoint
  ) throws {
    let tensors = try keep(model, as: "step-\(step).safetensors", moments: true, in: session)
    let checkpoint = describe(tensors)
    let bytes = checkpoint.canonicalBytes
    let document = JSONValue.object([
      JSONMember("checkpoint", try JSON.parse(bytes)),
      JSONMember("sha256", .string(ModelDigest.digest(bytes).hex)),
    ])
    try session.fileSystem.replaceAtomically(
      path + "/" + Self.fileName, with: CanonicalJSON.encode(document) + [UInt8(ascii: "\n")])
    try removeFiles(but: [Self.fileName, tensors.file, best?.file ?? tensors.file], in: session)
  }

  /// Writes weights, and moments if asked, under a name.
  func keep(
    _ model: LlamaModel, as name: String, moments: Bool, in session: Session
  ) throws -> Checkpoint.Tensors {
    try session.fileSystem.createDirectory(path)
    let file = path + "/" + name
    try model.writeTrained(to: file, moments: moments)
    return Checkpoint.Tensors(file: name, digest: try ModelDigest.digest(ofFile: file))
  }

  /// Reads weights, and moments if they are there, into a model.
  ///
  /// - Throws: ``Failure`` when the file is not the one that the checkpoint names.
  func restore(_ model: LlamaModel, _ tensors: Checkpoint.Tensors, moments: Bool) throws {
    let file = path + "/" + tensors.file
    guard try ModelDigest.digest(ofFile: file) == tensors.digest else {
      throw Failure(
        .data, "`\(file)` is damaged: its digest is another one than the checkpoint says",
        hint: Self.damageHint)
    }
    try model.readTrained(from: file, moments: moments)
  }

  /// Takes the folder away: the training is finished. The file goes first, as nothing leads to the others then. A folder
  /// with somebody else's file stays.
  func remove(in session: Session) throws {
    guard try session.fileSystem.status(path) != nil else { return }
    if try session.fileSystem.status(path + "/" + Self.fileName) != nil {
      try session.fileSystem.remove(path + "/" + Self.fileName)
    }
    try removeFiles(but: [], in: session)
    // Of a training that was killed while it replaced the file.
    _ = try session.fileSystem.removeLeftovers(in: path)
    if try session.fileSystem.list(path).isEmpty { try session.fileSystem.removeDirectory(path) }
  }

  /// Only what this made: a name that it does not write is somebody else's file.
  private func removeFiles(but kept: [String], in session: Session) throws {
    for name in try session.fileSystem.list(path)
    where !kept.contains(name) && (name.hasPrefix("step-") || name.hasPrefix("best-")) {
      try session.fileSystem.remove(path + "/" + name)
    }
  }

  private static let damageHint = "remove the folder `checkpoint`, and train from the beginning"
}
