extension FileSystem {
  /// Creates or replaces a small file so that a reader, at any instant and after any crash, sees the old bytes or
  /// the new ones. When it returns, the new bytes are durable. The only way to create a repository file, together
  /// with ``AtomicFile`` for files that are streamed.
  public func replaceAtomically(_ path: String, with bytes: UnsafeRawBufferPointer) throws(ObjectsError) {
    let (directory, name) = split(path)
    let file = try AtomicFile(in: directory, stem: name, fileSystem: self)
    try file.append(bytes)
    try file.commit(as: name)
  }

  /// ``replaceAtomically(_:with:)`` for an array.
  public func replaceAtomically(_ path: String, with bytes: [UInt8]) throws(ObjectsError) {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(ObjectsError) in
      try replaceAtomically(path, with: buffer)
    }
  }

  /// All bytes of a regular file of at most `limit` bytes.
  public func contents(of path: String, limit: Int) throws(ObjectsError) -> [UInt8] {
    let file = try open(path, .read)
    defer { close(file) }
    let status = try status(file)
    guard status.kind == .regular else { throw .notAFile(path: path, status.kind) }
    let length = status.length
    guard length <= limit else { throw .fileTooLong(path: path, bytes: length, limit: limit) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
    defer { buffer.deallocate() }
    try readAll(file, into: buffer, at: 0)
    return Array(buffer)
  }

  /// Writes all of an array at an open file's position.
  public func writeAll(_ file: OpenFile, _ bytes: [UInt8]) throws(ObjectsError) {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(ObjectsError) in
      var rest = buffer
      while !rest.isEmpty {
        let count = try write(file, rest)
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }

  /// Fills a buffer from a byte offset; a file that ends before is ``ObjectsError/incompleteWrite(path:expected:found:)``.
  func readAll(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try read(file, into: rest, at: offset + done)
      guard count > 0 else {
        throw .incompleteWrite(path: file.path, expected: offset + buffer.count, found: offset + done)
      }
      done += count
    }
  }

  /// Makes a file's or directory's own name durable: synchronizes the directory it lies in.
  public func synchronizeName(of path: String) throws(ObjectsError) {
    try synchronizeDirectory(split(path).directory)
  }

  /// A path's directory (`.` when it has none) and last component.
  private func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.utf8.index(after: slash)...]))
  }
}
