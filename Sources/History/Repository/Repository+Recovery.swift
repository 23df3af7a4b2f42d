import Objects

extension Repository {
  /// Makes durable what a process that did not finish has renamed or made, and removes what it left half written.
  /// Called with the lock held, before anything is built on what is there: the names a reader sees now may else be
  /// gone after a power cut, together with what was since built on them.
  func recover() throws {
    let folders = ["objects", "operations", "staging"].map { path + "/" + $0 }
    for folder in try folders + operations.files.newestGroupFolders() {
      try fileSystem.removeLeftovers(in: folder)
      try fileSystem.synchronizeDirectory(folder)
    }
    try recover(folder: path + "/history.git")
    try fileSystem.synchronizeDirectory(path)
  }

  /// The folders of the git repository, innermost first, so that locks go before the temporary files by which they
  /// are recognised.
  private func recover(folder: String) throws {
    let git = path + "/history.git"
    for name in try fileSystem.list(folder) {
      let inner = folder + "/" + name
      if name.hasSuffix(".lock") {
        try ReferenceLock.removeStale(inner, in: git, fileSystem)
      } else if try fileSystem.status(inner)?.kind == .directory {
        try recover(folder: inner)
      }
    }
    // A branch may be called like a temporary file, and none is ever made among the references.
    if !folder.utf8.starts(with: (git + "/refs").utf8) { try fileSystem.removeLeftovers(in: folder) }
    try fileSystem.synchronizeDirectory(folder)
  }
}
