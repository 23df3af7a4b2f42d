import Glibc
import Objects

/// Files in memory, for reading only. Their bytes lie in allocations of exactly their length, so that a read past
/// the end of a mapped file is noticed by the address sanitizer.
final class MemoryFiles: FileSystem {
  private let files: [String: [UInt8]]
  private let folders: Set<String>

  init(_ files: [String: [UInt8]], folders: Set<String>) {
    self.files = files
    self.folders = folders
  }

  private func refuse(_ call: String, _ path: String) -> ObjectsError {
    .system(call: call, path: path, code: EROFS)
  }

  private func bytes(_ file: OpenFile) -> [UInt8] { files[file.path] ?? [] }

  func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    guard access == .read else { throw refuse("open", path) }
    guard files[path] != nil else { throw .system(call: "open", path: path, code: ENOENT) }
    return OpenFile(descriptor: -1, path: path)
  }

  func close(_ file: OpenFile) {}

  func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    let rest = bytes(file).dropFirst(offset).prefix(buffer.count)
    buffer.copyBytes(from: rest)
    return rest.count
  }

  func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    let inside = (Array(files.keys) + folders).filter { $0.hasPrefix(path + "/") }
    let names = Set(inside.map { $0.dropFirst(path.utf8.count + 1).prefix { $0 != "/" } })
    return names.map { DirectoryEntry(name: String($0), kind: nil) }
  }

  func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    if let bytes = files[path] {
      return FileStatus(kind: .regular, length: bytes.count, links: 1, modified: 0, number: 0)
    }
    guard folders.contains(path) else { return nil }
    return FileStatus(kind: .directory, length: 0, links: 1, modified: 0, number: 0)
  }

  func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    FileStatus(kind: .regular, length: bytes(file).count, links: 1, modified: 0, number: 0)
  }

  func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
    copy.copyBytes(from: bytes(file).prefix(length))
    return MappedFile(UnsafeRawBufferPointer(copy)) { $0.deallocate() }
  }

  func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    throw refuse("write", file.path)
  }
  func startWriting(_ file: OpenFile) {}
  func link(_ path: String, to name: String) throws(ObjectsError) { throw refuse("link", path) }
  func removeDirectory(_ path: String) throws(ObjectsError) { throw refuse("remove", path) }
  func synchronize(_ file: OpenFile) throws(ObjectsError) { throw refuse("synchronize", file.path) }
  func synchronizeDirectory(_ path: String) throws(ObjectsError) { throw refuse("synchronize", path) }
  func rename(_ source: String, to target: String) throws(ObjectsError) { throw refuse("rename", source) }
  func remove(_ path: String) throws(ObjectsError) { throw refuse("remove", path) }
  func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) { throw refuse("truncate", file.path) }
  func createDirectory(_ path: String) throws(ObjectsError) { throw refuse("create directory", path) }
  func lock(_ file: OpenFile) throws(ObjectsError) -> Bool { throw refuse("lock", file.path) }
}
