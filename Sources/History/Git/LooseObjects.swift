import CGit2
import Objects
import Records

/// Reads loose git objects in libgit2's stead: its own reader (1.5) never returns from a file that was cut short.
///
/// Every file is held to the one whole zlib stream it must be, and to the id it is named by, before libgit2 sees
/// anything of it. What is not loose libgit2 looks for in packs.
enum LooseObjects {
  /// The largest object that is read, in bytes.
  static let longestObject = 64 << 20

  /// Puts this reader before libgit2's own.
  static func attach(
    to database: OpaquePointer?, folder: String, fileSystem: any FileSystem
  ) throws(GitError) {
    let backend = UnsafeMutablePointer<Backend>.allocate(capacity: 1)
    backend.initialize(
      to: Backend(
        base: git_odb_backend(), folder: Unmanaged.passRetained(Folder(path: folder, fileSystem: fileSystem)))
    )
    let base = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: git_odb_backend.self)
    git_odb_init_backend(base, UInt32(GIT_ODB_BACKEND_VERSION))
    base.pointee.read = { data, length, type, backend, id in
      guard let data, let length, let type, let backend, let id else { return -1 }
      return LooseObjects.answer(LooseObjects.folder(backend), id.pointee) { kind, bytes in
        guard let room = git_odb_backend_data_alloc(backend, bytes.count + 1) else { return -1 }
        room.copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(room), byteCount: bytes.count)
        room.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        data.pointee = room
        length.pointee = bytes.count
        type.pointee = kind
        return 0
      }
    }
    base.pointee.read_header = { length, type, backend, id in
      guard let length, let type, let backend, let id else { return -1 }
      return LooseObjects.answer(LooseObjects.folder(backend), id.pointee) { kind, bytes in
        length.pointee = bytes.count
        type.pointee = kind
        return 0
      }
    }
    base.pointee.read_prefix = { found, data, length, type, backend, prefix, digits in
      guard let found, let backend, let prefix else { return -1 }
      switch LooseObjects.matches(LooseObjects.folder(backend), CommitID(prefix.pointee), digits: digits) {
      case let ids where ids.isEmpty: return GIT_ENOTFOUND.rawValue
      case let ids where ids.count > 1: return GIT_EAMBIGUOUS.rawValue
      case let ids:
        found.pointee = ids[0].oid
        return backend.pointee.read(data, length, type, backend, found)
      }
    }
    base.pointee.exists = { backend, id in
      guard let backend, let id else { return 0 }
      return LooseObjects.folder(backend).has(CommitID(id.pointee)) ? 1 : 0
    }
    // libgit2 calls this one unasked; its own reader of loose objects lists them.
    base.pointee.foreach = { _, _, _ in 0 }
    base.pointee.free = { backend in
      guard let backend else { return }
      let whole = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: Backend.self)
      whole.pointee.folder.release()
      whole.deallocate()
    }
    // Above 2, the priority of libgit2's own reader of loose objects.
    try GitCall.check("read the git objects of \(folder)", of: folder) {
      git_odb_add_backend(database, base, 10)
    }
  }

  /// libgit2's part first: it only knows that one.
  private struct Backend {
    var base: git_odb_backend
    let folder: Unmanaged<Folder>
  }

  private final class Folder {
    let path: String
    let fileSystem: any FileSystem

    init(path: String, fileSystem: any FileSystem) {
      self.path = path
      self.fileSystem = fileSystem
    }

    func path(of id: CommitID) -> String { "\(path)/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))" }

    func has(_ id: CommitID) -> Bool {
      do throws(ObjectsError) {
        return try fileSystem.status(path(of: id)) != nil
      } catch {
        RefusedReads.note(error)
        return false
      }
    }
  }

  private static func folder(_ backend: UnsafeMutablePointer<git_odb_backend>) -> Folder {
    UnsafeMutableRawPointer(backend).assumingMemoryBound(to: Backend.self).pointee.folder
      .takeUnretainedValue()
  }

  /// Gives `body` the object's type and content, or returns libgit2's code for why there is none.
  private static func answer(
    _ folder: Folder, _ id: git_oid, _ body: (git_object_t, UnsafeRawBufferPointer) -> Int32
  ) -> Int32 {
    let id = CommitID(id)
    let path = folder.path(of: id)
    do {
      guard try folder.fileSystem.status(path) != nil else { return GIT_ENOTFOUND.rawValue }
      let file = try folder.fileSystem.contents(of: path, limit: longestObject)
      guard let bytes = content(of: file, id: id), let start = bytes.firstIndex(of: 0) else {
        return refuse("\(path) is damaged: it does not hold the object \(id)", GIT_EMISMATCH.rawValue)
      }
      return bytes.withUnsafeBytes {
        body(kind(bytes), UnsafeRawBufferPointer(rebasing: $0[(start + 1)...]))
      }
    } catch {
      RefusedReads.note(error)
      return refuse("\(error)", -1)
    }
  }

  private static func refuse(_ reason: String, _ code: Int32) -> Int32 {
    git_error_set_str(Int32(GIT_ERROR_ODB.rawValue), reason)
    return code
  }

  /// The header and content of a loose object's file; nil unless they hash to the id.
  static func content(of file: [UInt8], id: CommitID) -> [UInt8]? {
    guard let (bytes, isWhole) = Zlib.inflate(file, limit: longestObject), isWhole,
      SHA1.digest(bytes) == id.bytes,
      let end = bytes.firstIndex(of: 0), let space = bytes[..<end].firstIndex(of: UInt8(ascii: " ")),
      Int(String(decoding: bytes[(space + 1)..<end], as: UTF8.self)) == bytes.count - end - 1
    else { return nil }
    return bytes
  }

  private static func kind(_ bytes: [UInt8]) -> git_object_t {
    if bytes.starts(with: "commit ".utf8) { return GIT_OBJECT_COMMIT }
    if bytes.starts(with: "tree ".utf8) { return GIT_OBJECT_TREE }
    if bytes.starts(with: "tag ".utf8) { return GIT_OBJECT_TAG }
    return bytes.starts(with: "blob ".utf8) ? GIT_OBJECT_BLOB : GIT_OBJECT_INVALID
  }

  private static func matches(_ folder: Folder, _ prefix: CommitID, digits: Int) -> [CommitID] {
    let digits = prefix.hex.prefix(digits)
    guard digits.utf8.count >= 2 else { return [] }
    let names: [String]
    do throws(ObjectsError) {
      names = try folder.fileSystem.list("\(folder.path)/\(digits.prefix(2))")
    } catch {
      // Mostly there is no such folder.
      RefusedReads.note(error)
      return []
    }
    return names.filter { $0.utf8.count == 38 && $0.hasPrefix(digits.dropFirst(2)) }
      .compactMap { CommitID(hex: digits.prefix(2) + $0) }
  }
}
