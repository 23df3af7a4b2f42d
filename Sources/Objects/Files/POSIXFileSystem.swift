import CLinux
import Glibc

/// The operating system's files.
public struct POSIXFileSystem: FileSystem {
  /// The file system of this machine.
  public init() {}

  /// `open`, with `O_CLOEXEC` and `O_NOFOLLOW`, and with `O_NONBLOCK` so that a pipe put in a file's place cannot
  /// hold the program up; it has no effect on regular files.
  public func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    let always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
    let descriptor =
      switch access {
      case .read: retrying { Glibc.open(path, O_RDONLY | always) }
      case .readWrite: retrying { Glibc.open(path, O_RDWR | always) }
      case .readWriteOrCreate: retrying { Glibc.open(path, O_RDWR | O_CREAT | always, 0o644) }
      case .create(let permissions):
        retrying { Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | always, mode_t(permissions)) }
      }
    guard descriptor >= 0 else {
      if errno == ELOOP { throw .notAFile(path: path, .symbolicLink) }
      throw failure("open", path)
    }
    return OpenFile(descriptor: descriptor, path: path)
  }

  /// `close`.
  public func close(_ file: OpenFile) { _ = Glibc.close(file.descriptor) }

  /// `pread`.
  public func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    let count = retrying { pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    guard count >= 0 else { throw failure("read", file.path) }
    return count
  }

  /// `write`.
  public func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    let count = retrying { Glibc.write(file.descriptor, bytes.baseAddress, bytes.count) }
    guard count >= 0 else { throw failure("write", file.path) }
    guard count > 0 || bytes.isEmpty else {
      throw .system(call: "write", path: file.path, code: ENOSPC)
    }
    return count
  }

  /// `sync_file_range`, which not every file system has.
  public func startWriting(_ file: OpenFile) {
    mdata_start_writing(file.descriptor)
  }

  /// `fsync`.
  public func synchronize(_ file: OpenFile) throws(ObjectsError) {
    guard retrying({ fsync(file.descriptor) }) == 0 else { throw failure("synchronize", file.path) }
  }

  /// `fsync` of the directory.
  public func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    let descriptor = retrying { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure("open directory", path) }
    defer { _ = Glibc.close(descriptor) }
    guard retrying({ fsync(descriptor) }) == 0 else { throw failure("synchronize directory", path) }
  }

  /// `rename`.
  public func rename(_ source: String, to target: String) throws(ObjectsError) {
    guard retrying({ Glibc.rename(source, target) }) == 0 else {
      throw failure("rename \(source) to", target)
    }
  }

  /// `link`.
  public func link(_ path: String, to name: String) throws(ObjectsError) {
    guard retrying({ Glibc.link(path, name) }) == 0 else { throw failure("link \(path) to", name) }
  }

  /// `unlink`.
  public func remove(_ path: String) throws(ObjectsError) {
    guard retrying({ unlink(path) }) == 0 else { throw failure("remove", path) }
  }

  /// `ftruncate`.
  public func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    guard retrying({ ftruncate(file.descriptor, off_t(length)) }) == 0 else {
      throw failure("truncate", file.path)
    }
  }

  /// `mkdir`, content with a directory that exists.
  public func createDirectory(_ path: String) throws(ObjectsError) {
    if retrying({ mkdir(path, 0o755) }) == 0 { return }
    let cause = failure("create directory", path)
    guard let found = try status(path), found.kind == .directory else { throw cause }
  }

  /// `rmdir`.
  public func removeDirectory(_ path: String) throws(ObjectsError) {
    guard retrying({ rmdir(path) }) == 0 else { throw failure("remove directory", path) }
  }

  /// `readdir` to its end.
  public func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    guard let directory = opendir(path) else { throw failure("list", path) }
    defer { closedir(directory) }
    var entries: [DirectoryEntry] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." {
        entries.append(DirectoryEntry(name: name, kind: FileStatus.Kind(entry.pointee.d_type)))
      }
    }
    guard errno == 0 else { throw failure("list", path) }
    return entries
  }

  /// `lstat`.
  public func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    var found = stat()
    if retrying({ lstat(path, &found) }) == 0 { return FileStatus(found) }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw failure("examine", path)
  }

  /// `fstat`.
  public func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    var found = stat()
    guard retrying({ fstat(file.descriptor, &found) }) == 0 else { throw failure("examine", file.path) }
    return FileStatus(found)
  }

  /// `flock`, exclusive and without waiting.
  public func lock(_ file: OpenFile) throws(ObjectsError) -> Bool {
    if retrying({ flock(file.descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
    if errno == EWOULDBLOCK { return false }
    throw failure("lock", file.path)
  }

  /// Files up to this length are read into memory instead of mapped, which costs less: 64 KiB.
  private static let longestRead = 1 << 16

  /// `mmap`, read-only and shared; for a short file its bytes, read at once.
  public func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    guard length > 0 else { return MappedFile(UnsafeRawBufferPointer(start: nil, count: 0)) { _ in } }
    if length <= Self.longestRead {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
      do throws(ObjectsError) {
        try readAll(file, into: bytes, at: 0)
      } catch {
        bytes.deallocate()
        throw error
      }
      return MappedFile(UnsafeRawBufferPointer(bytes)) { $0.deallocate() }
    }
    guard let address = mmap(nil, length, PROT_READ, MAP_SHARED, file.descriptor, 0), address != MAP_FAILED
    else {
      throw failure("map", file.path)
    }
    return MappedFile(
      UnsafeRawBufferPointer(start: address, count: length),
      discard: { madvise(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count, MADV_DONTNEED) }
    ) { bytes in
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
  }

  /// Repeats a call that a signal interrupted.
  private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }

  private func failure(_ call: String, _ path: String) -> ObjectsError {
    .system(call: call, path: path, code: errno)
  }
}

extension FileStatus {
  fileprivate init(_ found: stat) {
    let kind: Kind =
      switch found.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    self.init(
      kind: kind, length: Int(found.st_size), links: Int(found.st_nlink),
      modified: found.st_mtim.tv_sec * 1_000_000_000 + found.st_mtim.tv_nsec,
      number: UInt64(found.st_ino))
  }
}

extension FileStatus.Kind {
  /// Of a directory entry's `d_type`; nil where the file system does not keep it there.
  fileprivate init?(_ type: UInt8) {
    switch Int(type) {
    case Int(DT_UNKNOWN): return nil
    case Int(DT_REG): self = .regular
    case Int(DT_DIR): self = .directory
    case Int(DT_LNK): self = .symbolicLink
    default: self = .other
    }
  }
}
