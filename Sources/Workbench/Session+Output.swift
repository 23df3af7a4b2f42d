import Objects

extension Session {
  /// Refuses a place to write to whose folder is not there: a mistyped path is no wish for new folders.
  ///
  /// - Parameter name: as the user wrote it.
  /// - Throws: ``Failure`` of kind `missing`.
  func checkParent(of name: String) throws {
    if let parent = try POSIXFileSystem().status(Self.folder(of: path(name))), parent.kind != .regular {
      return
    }
    throw Failure(
      .missing, "there is no folder `\(Self.folder(of: name))` to make `\(name)` in",
      hint: "make it first: `mkdir -p \(Self.folder(of: name))`")
  }
}
