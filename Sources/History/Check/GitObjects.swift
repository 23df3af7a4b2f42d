import CGit2
import Objects
import Records

/// The objects of a git repository, read without opening the repository: a broken HEAD or configuration does not
/// matter. One thread at a time.
final class GitObjects {
  enum ObjectType { case commit, tree, blob, tag, other }

  private let database: OpaquePointer

  /// Opens the objects in a folder. Nil when libgit2 will not.
  init?(folder: String, fileSystem: any FileSystem) {
    guard (try? GitCall.prepare()) != nil else { return nil }
    var pointer: OpaquePointer?
    guard git_odb_open(&pointer, folder) == 0, let pointer else { return nil }
    guard (try? LooseObjects.attach(to: pointer, folder: folder, fileSystem: fileSystem)) != nil else {
      git_odb_free(pointer)
      return nil
    }
    database = pointer
  }

  deinit { git_odb_free(database) }

  /// An object's type and bytes, proven to hash to its id.
  func read(_ id: CommitID) -> Result<(type: ObjectType, bytes: [UInt8]), GitFlaw> {
    var oid = id.oid
    var object: OpaquePointer?
    defer { git_odb_object_free(object) }
    git_error_clear()
    let code = git_odb_read(&object, database, &oid)
    guard code == 0, let object else {
      if code == GIT_ENOTFOUND.rawValue { return .failure(GitFlaw("it is missing")) }
      let text = git_error_last()?.pointee.message.map { String(cString: $0) }
      return .failure(GitFlaw("it is damaged (\(text ?? "no reason was given"))"))
    }
    let type: ObjectType =
      switch git_odb_object_type(object) {
      case GIT_OBJECT_COMMIT: .commit
      case GIT_OBJECT_TREE: .tree
      case GIT_OBJECT_BLOB: .blob
      case GIT_OBJECT_TAG: .tag
      default: .other
      }
    let bytes = Array(
      UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    return .success((type, bytes))
  }
}
