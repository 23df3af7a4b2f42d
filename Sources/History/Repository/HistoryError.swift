public import Records

/// What can be wrong with a repository's files or with how it is used.
public enum HistoryError: Error, Equatable, CustomStringConvertible {
  /// There is no repository at this path.
  case notARepository(String)
  /// There is a repository already.
  case alreadyExists(String)
  /// The repository was made by a newer version; the text is the format it names.
  case newerFormat(String, found: String)
  /// A file of the repository is damaged; the text says how.
  case damaged(path: String, String)
  /// A commit's `dataset.json` is absent or damaged; the text says how.
  case notADataset(CommitID, String)
  /// A transaction was used after it ended.
  case transactionEnded
  /// A record id that names nothing, or too much; the text says why, the list holds what may have been meant.
  case badRecord(String, String, candidates: [String])
  /// A staged batch's pairs are not those that the batch names.
  case damagedStaging(ObjectID, String)
  /// No operation is left to undo.
  case nothingToUndo
  /// Nothing was undone since the last new operation.
  case nothingToRedo
  /// There is no operation with this number; the newest has the second.
  case noOperation(Int, newest: Int)
  /// An operation's file says what cannot be.
  case badOperation(Int, String)
  /// What an operation changed is no longer as it left it: the text says what.
  case movedSince(Int, String)
  /// `gc` has dropped what undoing an operation would bring back: the text says what.
  case expired(Int, String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .notARepository(let path): "There is no repository at \(path); run `mdata init` to create one."
    case .alreadyExists(let path): "There is a repository at \(path) already."
    case .newerFormat(let path, let found):
      "The repository at \(path) has the format `\(found)`, which a newer mdata wrote; update mdata to open it."
    case .damaged(let path, let reason): "\(path) is damaged: \(reason). Run `mdata fsck`."
    case .notADataset(let commit, let reason):
      "The commit \(commit) holds no version of the dataset: \(reason). Run `mdata fsck`."
    case .transactionEnded: "The transaction has ended; begin another."
    case .badRecord(let text, let reason, let candidates):
      "`\(text)` is not a record: \(reason)."
        + (candidates.isEmpty ? "" : " It could be: \(candidates.joined(separator: ", ")).")
    case .nothingToUndo: "There is nothing left to undo."
    case .nothingToRedo: "There is nothing to redo: nothing was undone since the last change."
    case .noOperation(let number, let newest):
      "There is no operation \(number)\(newest == 0 ? ": nothing has been done yet" : "; the newest is \(newest)")."
    case .badOperation(let number, let reason): "Operation \(number) is damaged: \(reason)."
    case .movedSince(let number, let what):
      "Operation \(number) cannot be taken back or done again by itself: another program has changed \(what) since."
    case .expired(let number, let what):
      "Operation \(number) is older than what `mdata gc` keeps, and \(what) is gone."
    case .damagedStaging(let batch, let reason):
      "The staged batch \(batch) is damaged: \(reason). Run `mdata fsck`."
    }
  }
}
