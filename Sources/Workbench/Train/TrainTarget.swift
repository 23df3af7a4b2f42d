import Objects

/// The folder that a training writes to.
struct TrainTarget {
  let path: String
  private let name: String

  /// Where a training that is not finished is kept.
  var checkpoint: String { path + "/checkpoint" }

  /// Refuses a file, and a folder that holds something that this training would write over. Nothing is made: a training
  /// that is refused leaves no folder.
  ///
  /// - Throws: ``Failure``.
  init(_ name: String, resumes: Bool, in session: Session) throws {
    path = session.path(name)
    self.name = name
    let files = POSIXFileSystem()
    if let status = try files.status(path), status.kind == .regular {
      throw Failure(.usage, "`\(name)` is a file", hint: "give `--out` a folder, new or empty")
    }
    if try files.status(checkpoint + "/" + CheckpointFolder.fileName) != nil {
      // Its weights may lie there already: a training is finished when its run is recorded.
      if resumes { return }
      throw Failure(
        .usage, "`\(name)` holds a training that was stopped",
        hint: "go on with it with `--resume`, or give another `--out`")
    }
    for file in ["config.json", "adapter_config.json"] where try files.status(path + "/" + file) != nil {
      throw Failure(
        .usage, "`\(name)` holds a model already\(resumes ? ", and no training that was stopped" : "")",
        hint: "give another `--out`, or remove it first")
    }
    try session.checkParent(of: name)
  }
}
