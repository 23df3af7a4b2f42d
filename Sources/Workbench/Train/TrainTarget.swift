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
  init(_ path: String, named name: String, resumes: Bool) throws {
    self.path = path
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
        .usage, "`\(name)` holds a model already", hint: "give another `--out`, or remove it first")
    }
    guard let parent = try files.status(Session.folder(of: path)), parent.kind != .regular else {
      throw Failure(
        .missing, "there is no folder `\(Session.folder(of: name))` to make `\(name)` in",
        hint: "make it first: `mkdir -p \(Session.folder(of: name))`")
    }
  }
}
