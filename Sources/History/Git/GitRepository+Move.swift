import CGit2
import Glibc
import Objects

extension GitRepository {
  /// Moves a reference from exactly `old` to `new` (compare-and-swap): nil stands for absence, so it creates
  /// and deletes too. Waits a bounded time for a lock another program holds. Durable when it returns.
  ///
  /// - Throws: ``GitError/referenceMoved(_:)`` or ``GitError/referenceExists(_:)`` when the reference is not
  ///   `old`, ``GitError/referenceLocked(_:)`` after the wait, ``GitError/badName(_:_:)`` when another name
  ///   differs only in case or lies in the way.
  public func move(_ name: RefName, from old: RefTarget?, to new: RefTarget?) throws(GitError) {
    try move(name, from: old, to: new, prepare(new))
  }

  /// What a reference shall hold, durable: nil for one that is to be deleted.
  func prepare(_ target: RefTarget?) throws(GitError) -> ReferenceLock.Prepared {
    do throws(ObjectsError) {
      return try ReferenceLock.Prepared(Self.content(target), in: path, fileSystem)
    } catch { throw .files(error) }
  }

  /// The same with what has been prepared. Moving one needs no room on the disk then, so that of several references that
  /// are prepared together either all move on a full disk, or none.
  func move(
    _ name: RefName, from old: RefTarget?, to new: RefTarget?, _ prepared: ReferenceLock.Prepared
  ) throws(GitError) {
    var pause: UInt32 = 1_000
    var attemptsLeft = 12
    while true {
      do throws(GitError) {
        return try exclusively { repository throws(GitError) in
          try moveOnce(name, from: old, to: new, prepared, repository)
        }
      } catch {
        guard case .referenceLocked = error, attemptsLeft > 0 else { throw error }
        attemptsLeft -= 1
        // Jitter keeps writers from meeting again; it decides when, never what.
        usleep(UInt32.random(in: pause / 2...pause))
        pause = min(pause * 2, 200_000)
      }
    }
  }

  /// Removes the locks that a move left which a power cut interrupted: its `.lock` may have survived without the
  /// temporary file that proves whose it is. A lock file that holds exactly what that move would have written is its
  /// own. Called with the repository's lock held, for changes of an operation that has not taken effect.
  func removeLocks(of name: RefName, movingTo new: RefTarget?) throws(GitError) {
    try removeLock(of: "/" + name.full, holding: Self.content(new))
    if new == nil {
      try removeLock(
        of: PackedReferences.fileName,
        holding: PackedReferences(folder: path, fileSystem: fileSystem).without(name))
    }
  }

  private func removeLock(of file: String, holding bytes: [UInt8]) throws(GitError) {
    try files { () throws(ObjectsError) in
      let lock = path + file + ".lock"
      guard try fileSystem.status(lock)?.length == bytes.count,
        try fileSystem.contents(of: lock, limit: bytes.count) == bytes
      else { return }
      try fileSystem.remove(lock)
      try fileSystem.synchronizeName(of: lock)
    }
  }

  private func moveOnce(
    _ name: RefName, from old: RefTarget?, to new: RefTarget?, _ prepared: ReferenceLock.Prepared,
    _ repository: OpaquePointer
  ) throws(GitError) {
    if name == .head {
      // HEAD is always there, and is never deleted.
      guard old != nil else { throw .referenceExists(name.full) }
      guard new != nil else {
        throw .refused("delete HEAD", code: 0, text: "a repository without it is none")
      }
    } else if case .reference = new {
      throw .refused("move \(name)", code: 0, text: "only HEAD may be symbolic")
    }
    if old == nil {
      guard new != nil else { return }
      try refuseClash(name, repository)
    }
    if case .object(let id) = new { try requireObject(id, repository) }
    let isNew = old == nil
    try files { () throws(ObjectsError) in try makeFolders(of: name) }
    let lock = try ReferenceLock(
      path: path + "/" + name.full, prepared, folder: path, fileSystem: fileSystem)
    let found = try Self.target(of: name, repository)
    guard found == old else { throw old == nil ? .referenceExists(name.full) : .referenceMoved(name.full) }
    if new == nil { try PackedReferences(folder: path, fileSystem: fileSystem).remove(name) }
    try files { () throws(ObjectsError) in
      if new == nil { try lock.delete() } else { try lock.commit() }
      try synchronizeFolders(of: name, all: isNew)
    }
    if new == nil { prune(name) }
  }

  private func files(_ work: () throws(ObjectsError) -> Void) throws(GitError) {
    do throws(ObjectsError) { try work() } catch { throw .files(error) }
  }

  /// The folders a name lies in, outermost first, without those that are there from the beginning.
  private func folders(of name: RefName) -> [String] {
    let parts = name.full.split(separator: "/")
    guard parts.count > 3 else { return [] }
    return (3..<parts.count).map { path + "/" + parts.prefix($0).joined(separator: "/") }
  }

  private func makeFolders(of name: RefName) throws(ObjectsError) {
    for folder in folders(of: name) { try fileSystem.createDirectory(folder) }
  }

  /// Makes a name durable, and for a new one the folders, which may have been made for it.
  private func synchronizeFolders(of name: RefName, all: Bool) throws(ObjectsError) {
    let parts = name.full.split(separator: "/").dropLast()
    let first = ([path] + parts.prefix(2).map(String.init)).joined(separator: "/")
    let folders = [first] + folders(of: name)
    for folder in all ? folders : folders.suffix(1) { try fileSystem.synchronizeDirectory(folder) }
  }

  /// What the lock of a reference holds.
  private static func content(_ target: RefTarget?) -> [UInt8] { target.map(fileText) ?? deletion }

  /// What a reference's file holds (gitrepository-layout, git 2.x).
  private static func fileText(_ target: RefTarget) -> [UInt8] {
    switch target {
    case .object(let id): Array("\(id.hex)\n".utf8)
    case .reference(let name): Array("ref: \(name.full)\n".utf8)
    }
  }

  /// What the lock of a reference holds that is being deleted.
  private static let deletion = Array("deleted by mdata\n".utf8)

  private func requireObject(_ id: CommitID, _ repository: OpaquePointer) throws(GitError) {
    var odb: OpaquePointer?
    defer { git_odb_free(odb) }
    try GitCall.check("open the git objects", of: "git objects") { git_repository_odb(&odb, repository) }
    var oid = id.oid
    try GitCall.check("look for the commit \(id)", of: "commit \(id)") {
      git_odb_exists(odb, &oid) == 1 ? 0 : GIT_ENOTFOUND.rawValue
    }
  }

  /// Refuses a new name that differs from another in case alone, or is a folder of another or in another.
  private func refuseClash(_ name: RefName, _ repository: OpaquePointer) throws(GitError) {
    var names = git_strarray()
    defer { git_strarray_dispose(&names) }
    try GitCall.check("list the references", of: "references") { git_reference_list(&names, repository) }
    let wanted = RefName.lowercased(name.full)
    for position in 0..<names.count {
      guard let text = names.strings[position] else { continue }
      let other = String(cString: text)
      if other.utf8.elementsEqual(name.full.utf8) { continue }
      let lowercased = RefName.lowercased(other)
      if lowercased.utf8.elementsEqual(wanted.utf8) {
        throw .badName(name.short, "`\(other)` differs only in upper and lower case")
      }
      if lowercased.utf8.starts(with: (wanted + "/").utf8)
        || wanted.utf8.starts(with: (lowercased + "/").utf8)
      {
        throw .badName(name.short, "`\(other)` exists, and a name cannot also be the first part of another")
      }
    }
  }

  /// Removes the folders that a deleted name leaves empty, up to the one of all branches or all tags. Their removal
  /// need not be durable: an empty folder means nothing, and gives way to a name when it must.
  private func prune(_ name: RefName) {
    for folder in folders(of: name).reversed() { try? fileSystem.removeDirectory(folder) }
  }
}
