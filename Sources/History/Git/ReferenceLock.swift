import Glibc
import Objects

/// The right to move one reference, against git and libgit2 too: the file `<reference>.lock`, which must not exist
/// before (git's lockfile.h), and which becomes the reference.
///
/// Git cannot tell the lock of a dead process from that of a living one. We can tell ours: the file is written and
/// locked (`flock`) under a temporary name first, and `.lock` is its second name (`link`) for as long as it is a
/// lock. A `.lock` that is the same file as one of our temporary files, with nobody's `flock` on it, is a dead
/// mdata's, and is removed.
final class ReferenceLock {
  private let path: String
  private let folder: String
  private let fileSystem: any FileSystem
  private let file: AtomicFile
  private var isHeld = true

  static let stem = "reference"
  private var lockPath: String { path + ".lock" }

  /// Makes what a reference shall hold durable under a temporary name in the git repository's folder. What is left of
  /// moving the reference needs no room on the disk.
  struct Prepared {
    fileprivate let file: AtomicFile
    fileprivate let content: [UInt8]

    init(_ content: [UInt8], in folder: String, _ fileSystem: any FileSystem) throws(ObjectsError) {
      self.content = content
      file = try AtomicFile(in: folder, stem: stem, fileSystem: fileSystem)
      try file.append(content)
      try file.synchronize()
    }
  }

  /// Takes the lock of the reference at `path`, whose folder exists, with what has been prepared in `folder`, which is
  /// the git repository's.
  ///
  /// - Throws: ``GitError/referenceLocked(_:)`` when the lock is another program's, ``GitError/files(_:)``.
  init(
    path: String, _ prepared: Prepared, folder: String, fileSystem: any FileSystem
  ) throws(GitError) {
    self.path = path
    self.folder = folder
    self.fileSystem = fileSystem
    file = prepared.file
    do throws(ObjectsError) {
      if try take(prepared.content) { return }
      if try Self.removeStale(path + ".lock", in: folder, fileSystem), try take(prepared.content) { return }
    } catch {
      isHeld = false
      throw .files(error)
    }
    isHeld = false
    throw .referenceLocked(path + ".lock")
  }

  deinit { if isHeld { try? fileSystem.remove(lockPath) } }

  /// Makes the content the reference's, durably.
  func commit() throws(ObjectsError) {
    do throws(ObjectsError) {
      try fileSystem.rename(lockPath, to: path)
    } catch .system(_, _, let code) where code == EISDIR || code == ENOTEMPTY || code == EEXIST {
      // Names deleted before may have left folders, in which there is nothing.
      try removeEmptyFolders(path)
      try fileSystem.rename(lockPath, to: path)
    }
    isHeld = false
    file.discard()
  }

  /// Removes the reference's own file, if it has one, and the lock.
  func delete() throws(ObjectsError) {
    if try fileSystem.status(path) != nil { try fileSystem.remove(path) }
    try fileSystem.remove(lockPath)
    isHeld = false
    file.discard()
  }

  /// Removes a lock file that a dead mdata left, and returns whether the way is free.
  @discardableResult
  static func removeStale(
    _ lockPath: String, in folder: String, _ fileSystem: any FileSystem
  ) throws(ObjectsError) -> Bool {
    guard let found = try fileSystem.status(lockPath) else { return true }
    guard found.links > 1 else { return false }
    for name in try fileSystem.list(folder)
    where TemporaryName.matches(name) && name.utf8.starts(with: (stem + ".").utf8) {
      let temporary = "\(folder)/\(name)"
      guard try fileSystem.status(temporary)?.number == found.number else { continue }
      let file = try fileSystem.open(temporary, .read)
      defer { fileSystem.close(file) }
      // Whoever has this lock is the only one to remove these names: what is seen now stays.
      guard try fileSystem.lock(file),
        try fileSystem.status(lockPath)?.number == fileSystem.status(file).number
      else { return false }
      try fileSystem.remove(lockPath)
      try fileSystem.remove(temporary)
      return true
    }
    return false
  }

  /// Whether the lock file's name was free and is now ours.
  private func take(_ content: [UInt8]) throws(ObjectsError) -> Bool {
    do throws(ObjectsError) {
      try file.link(to: lockPath)
      return true
    } catch .system(_, _, let code) where code == EEXIST {
      return false
    } catch .system(_, _, let code) where code == EPERM || code == EOPNOTSUPP || code == EMLINK {
      return try takeWithoutLink(content)
    }
  }

  /// For file systems without second names: as git does it, where a dead process's lock must be removed by hand.
  private func takeWithoutLink(_ content: [UInt8]) throws(ObjectsError) -> Bool {
    let lock: OpenFile
    do throws(ObjectsError) {
      lock = try fileSystem.open(lockPath, .create(permissions: 0o644))
    } catch .system(_, _, let code) where code == EEXIST {
      return false
    }
    defer { fileSystem.close(lock) }
    do throws(ObjectsError) {
      try fileSystem.writeAll(lock, content)
      try fileSystem.synchronize(lock)
      return true
    } catch {
      try? fileSystem.remove(lockPath)
      throw error
    }
  }

  private func removeEmptyFolders(_ path: String) throws(ObjectsError) {
    for name in try fileSystem.list(path) { try removeEmptyFolders(path + "/" + name) }
    try fileSystem.removeDirectory(path)
  }
}
