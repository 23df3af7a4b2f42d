import CGit2

/// Calls into libgit2.
enum GitCall {
  /// Sets the library up, once and only when it is needed (it takes milliseconds).
  static func prepare() throws(GitError) {
    guard setup >= 0 else { throw .refused("start libgit2", code: setup, text: "its set-up failed") }
  }

  private static let setup: Int32 = {
    let code = git_libgit2_init()
    guard code >= 0 else { return code }
    guard mdata_git_set_strict_hash(1) >= 0 else { return -1 }
    // The check protects programs that run the hooks and commands a repository's configuration names. We run
    // none, and a repository mounted into a container often belongs to another user.
    guard mdata_git_set_owner_validation(0) >= 0 else { return -1 }
    return 0
  }()

  /// Runs one call and turns its return code into an error: what the system refused, when that is what stopped it.
  /// `what` names the thing that may be absent.
  @discardableResult
  static func check(
    _ operation: @autoclosure () -> String, of what: @autoclosure () -> String, _ call: () -> Int32
  ) throws(GitError) -> Int32 {
    // The last error's text stays around after it was handled: only a text that this call set is shown.
    git_error_clear()
    _ = RefusedReads.take()
    let code = call()
    // Also when libgit2 went on: what it takes to be absent may be there.
    if let refusal = RefusedReads.take() { throw .files(refusal) }
    guard code < 0 else { return code }
    switch code {
    case GIT_ENOTFOUND.rawValue: throw .notFound(what())
    case GIT_EEXISTS.rawValue: throw .referenceExists(what())
    case GIT_EMODIFIED.rawValue: throw .referenceMoved(what())
    case GIT_ELOCKED.rawValue: throw .referenceLocked(what())
    default: throw .refused(operation(), code: code, text: lastText())
    }
  }

  private static func lastText() -> String {
    guard let error = git_error_last(), let message = error.pointee.message else {
      return "no reason was given"
    }
    return String(cString: message)
  }
}

extension CommitID {
  init(_ oid: git_oid) {
    self = withUnsafeBytes(of: oid) { CommitID(unchecked: Array($0.prefix(CommitID.byteCount))) }
  }

  var oid: git_oid {
    var oid = git_oid()
    withUnsafeMutableBytes(of: &oid) { $0.copyBytes(from: bytes) }
    return oid
  }
}
