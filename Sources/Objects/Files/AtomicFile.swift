/// A file that appears under its name complete and durable, or not at all.
///
/// It is written beside its final place under a temporary name (``TemporaryName``), exclusively created and locked,
/// so that the leftover of a dead process can be told from a file being written. One thread at a time.
public final class AtomicFile {
  private let fileSystem: any FileSystem
  private let directory: String
  private let file: OpenFile
  private var isOpen = true
  /// Bytes that the disk was not yet asked to take.
  private var waiting = 0
  private static let writeBack = 4 << 20
  /// Bytes appended so far.
  public private(set) var length = 0

  /// Creates the temporary file `stem.tmpN` in a directory.
  public init(in directory: String, stem: String, permissions: UInt32 = 0o644, fileSystem: any FileSystem)
    throws(ObjectsError)
  {
    self.fileSystem = fileSystem
    self.directory = directory
    file = try Self.create(in: directory, stem: stem, permissions: permissions, fileSystem: fileSystem)
  }

  deinit { discard() }

  private static func create(
    in directory: String, stem: String, permissions: UInt32, fileSystem: any FileSystem
  ) throws(ObjectsError) -> OpenFile {
    var number = 0
    while true {
      let path = "\(directory)/\(TemporaryName.name(stem: stem, number: number))"
      number += 1
      let file: OpenFile
      do throws(ObjectsError) {
        file = try fileSystem.open(path, .create(permissions: permissions))
      } catch .system(_, _, let code) where code == TemporaryName.exists && number < TemporaryName.limit {
        continue
      }
      do throws(ObjectsError) {
        // A cleaner may have locked or removed the file between these two calls: then another name is taken.
        if try fileSystem.lock(file), try fileSystem.status(file).links > 0 { return file }
      } catch {
        fileSystem.close(file)
        try? fileSystem.remove(path)
        throw error
      }
      fileSystem.close(file)
    }
  }

  /// Appends bytes of an array.
  public func append(_ bytes: [UInt8]) throws(ObjectsError) {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(ObjectsError) in try append(buffer) }
  }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(ObjectsError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try fileSystem.write(file, rest)
      length += count
      waiting += count
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    startWriting()
  }

  /// Lets the disk work while more is written, so that little is left to wait for at the end.
  private func startWriting() {
    guard waiting >= Self.writeBack else { return }
    waiting = 0
    fileSystem.startWriting(file)
  }

  /// Reads back appended bytes. Fills the buffer, or throws.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ObjectsError) {
    try fileSystem.readAll(file, into: buffer, at: offset)
  }

  /// Makes the bytes durable, then the name. After a failure nothing has changed under the final name, unless
  /// only the directory's synchronization failed: then the whole file is there and may not survive power loss.
  public func commit(as name: String) throws(ObjectsError) {
    try Self.commit([(self, name)])
  }

  /// Commits several files together, which costs little more than one: the bytes of all are made durable, then the
  /// names in the order given, then each directory once. After a failure some of the first names may be there, each
  /// with its whole file.
  public static func commit(_ files: [(file: AtomicFile, name: String)]) throws(ObjectsError) {
    do throws(ObjectsError) {
      for (file, _) in files { try file.checkLength() }
      if files.count > 1 {
        for (file, _) in files { file.fileSystem.startWriting(file.file) }
      }
      for (file, _) in files { try file.fileSystem.synchronize(file.file) }
      for (file, name) in files {
        try file.fileSystem.rename(file.file.path, to: "\(file.directory)/\(name)")
        file.isOpen = false
        file.fileSystem.close(file.file)
      }
    } catch {
      for (file, _) in files { file.discard() }
      throw error
    }
    var synchronized: Set<String> = []
    for (file, _) in files where synchronized.insert(file.directory).inserted {
      try file.fileSystem.synchronizeDirectory(file.directory)
    }
  }

  /// Makes the bytes durable under the temporary name.
  public func synchronize() throws(ObjectsError) {
    try checkLength()
    try fileSystem.synchronize(file)
  }

  /// Gives the file a second name, which must be free. As long as the temporary name stays, it shows whose the
  /// second name is.
  public func link(to name: String) throws(ObjectsError) { try fileSystem.link(file.path, to: name) }

  private func checkLength() throws(ObjectsError) {
    precondition(isOpen, "a file is committed once")
    let found = try fileSystem.status(file).length
    guard found == length else {
      throw .incompleteWrite(path: file.path, expected: length, found: found)
    }
  }

  /// Removes the temporary file. Does nothing after a commit.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    try? fileSystem.remove(file.path)
    fileSystem.close(file)
  }
}
