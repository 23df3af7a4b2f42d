import Objects

extension FileSystem {
  /// Makes every file and folder under `path` durable, for what a library wrote without doing so.
  func synchronizeTree(_ path: String) throws(ObjectsError) {
    for name in try list(path) {
      let inner = path + "/" + name
      switch try status(inner)?.kind {
      case .directory: try synchronizeTree(inner)
      case .regular:
        let file = try open(inner, .read)
        defer { close(file) }
        try synchronize(file)
      default: continue
      }
    }
    try synchronizeDirectory(path)
  }
}
