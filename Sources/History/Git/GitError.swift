public import Objects

/// What can go wrong in the commit graph.
public enum GitError: Error, Equatable, CustomStringConvertible {
  /// Nothing has this name or id.
  case notFound(String)
  /// A reference of this name exists already.
  case referenceExists(String)
  /// The reference no longer points where the caller believed: another writer was first.
  case referenceMoved(String)
  /// The reference's lock file, whose path this is, stayed for the whole wait: another program's.
  case referenceLocked(String)
  /// The name breaks the rules for branch and tag names; the text says which.
  case badName(String, String)
  /// The revision names no commit; the text says why, the list holds what may have been meant.
  case badRevision(String, String, candidates: [String])
  /// An object of the commit graph is not what it must be; the text says how.
  case damagedCommit(CommitID, String)
  /// A file of the git repository could not be read or written.
  case files(ObjectsError)
  /// Any other refusal: what was being done, libgit2's return code and its text.
  case refused(String, code: Int32, text: String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .notFound(let what): "There is no \(what)."
    case .referenceExists(let name): "`\(name)` exists already."
    case .referenceMoved(let name): "`\(name)` was moved by another process in the meantime; try again."
    case .referenceLocked(let name):
      "\(name) was made by another program, such as git, which is moving the same reference; "
        + "if none is running, remove that file."
    case .badName(let name, let reason): "`\(name)` cannot be a name: \(reason)."
    case .badRevision(let text, let reason, let candidates):
      "`\(text)` is not a version: \(reason)."
        + (candidates.isEmpty ? "" : " It could be: \(candidates.joined(separator: ", ")).")
    case .damagedCommit(let id, let reason):
      "The commit \(id) is damaged: \(reason). Run `mdata fsck`."
    case .files(let error): error.description
    case .refused(let operation, let code, let text):
      "Could not \(operation): \(text) (libgit2 code \(code))."
    }
  }
}
