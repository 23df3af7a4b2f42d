import History
import Records

extension FuzzTarget {
  /// Commits and tag objects, taken apart into what is signed and the signature.
  static let gitText = FuzzTarget("git-text") { input in
    let commit = SignedText(commit: input)
    let again = SignedText(commit: commit.payload)
    try promise(again.signature == nil && again.payload == commit.payload, "a payload holds a signature")
    try promise(
      commit.payload.count + (commit.signature?.count ?? 0) <= input.count,
      "a commit grew when it was taken apart")
    let tag = SignedText(tag: input)
    if let signature = tag.signature {
      try promise(input.suffix(signature.count).elementsEqual(signature), "a tag's signature is not its end")
      try promise(tag.format != nil, "a tag's signature begins as none does")
    }
    guard let id = CommitID(bytes: [UInt8](repeating: 1, count: CommitID.byteCount)) else { return false }
    let read = GitTag(id: id, input)
    try promise(read?.message.hasSuffix("\n") != true, "a message ends with a line end")
    return commit.signature != nil || read != nil
  }
}
