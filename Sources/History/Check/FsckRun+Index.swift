import Objects

extension FsckRun {
  /// Compares the index with what history and objects say. Where these are damaged there is nothing to compare with.
  func checkIndex() {
    let name = "index.sqlite"
    guard let status = try? fileSystem.status(at(name)) else {
      for suffix in ["-wal", "-shm", "-journal"]
      where ((try? fileSystem.status(at(name + suffix))) ?? nil) != nil {
        notice(
          .index, name + suffix, "it belongs to an index that is not there",
          next: "nothing: `mdata reindex` builds a new one")
      }
      return
    }
    progress(.index, 0, 0)
    do {
      guard status.kind == .regular else {
        damage(.index, name, "it is not a file", next: "`mdata reindex`")
        rebuildsIndex = true
        return
      }
      let flaw = try Index.flaw(
        of: at(name), store: ObjectStore(directory: at("objects"), fileSystem: fileSystem),
        git: GitRepository(path: at("history.git")),
        operations: OperationLog(folder: at("operations"), fileSystem: fileSystem))
      switch flaw {
      case nil: return
      case .damaged(let reason):
        damage(.index, name, reason, next: "`mdata reindex`")
        rebuildsIndex = true
      case .behind(let reason):
        notice(.index, name, reason, next: "nothing: it catches up when it is next used")
      }
    } catch {
      // What is wrong below it was found above; the index is only as good as that.
      notice(
        .index, name, "it was not compared: \(error)",
        next: "`mdata fsck --repair`, which builds it again when it can")
      rebuildsIndex = findings.contains { $0.severity == .damage }
    }
  }
}
