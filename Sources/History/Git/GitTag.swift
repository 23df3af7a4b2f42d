/// An annotated tag: a git object that names a version, with who tagged it, when and why (gitformat-tag, git 2.x).
public struct GitTag: Hashable, Sendable {
  /// The tag object's own id.
  public let id: CommitID
  /// The object it names: a commit, or another tag object.
  public let target: CommitID
  /// The name it was given, without `refs/tags/`; a reference of another name may point at it.
  public let name: String
  /// Who made it; nil where an old git left that out.
  public let tagger: GitIdentity?
  /// When.
  public let time: GitTime?
  /// The message, without its final line end and without a signature.
  public let message: String

  /// The first line of the message.
  public var summary: String { String(message.prefix { $0 != "\n" && $0 != "\r\n" }) }

  /// Reads a tag object's bytes. Nil for anything that names no object; what else is not as git writes it is left out.
  public init?(id: CommitID, _ bytes: [UInt8]) {
    guard let target = GitText.taggedObject(bytes) else { return nil }
    let signed = SignedText(tag: bytes)
    let lines = signed.payload.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let headers = lines.prefix { !$0.isEmpty }
    func header(_ name: String) -> ArraySlice<UInt8>? {
      headers.first { $0.starts(with: name.utf8) }?.dropFirst(name.utf8.count)
    }
    let tagger = header("tagger ").flatMap { GitIdentity.read($0) }
    let body = lines.dropFirst(headers.count + 1).joined(separator: "\n".utf8)
    var message = String(decoding: Array(body), as: UTF8.self)
    while message.last?.isNewline == true { message.removeLast() }
    self.id = id
    self.target = target
    name = String(decoding: header("tag ") ?? [], as: UTF8.self)
    self.tagger = tagger?.identity
    time = tagger?.time
    self.message = message
  }
}

/// What an annotated tag is made of.
public struct GitTagDraft: Sendable {
  /// The tag's reference.
  public var name: RefName
  /// The version it names.
  public var commit: CommitID
  /// Who makes it.
  public var identity: GitIdentity
  /// When.
  public var time: GitTime
  /// Why.
  public var message: String

  /// A draft.
  public init(name: RefName, commit: CommitID, identity: GitIdentity, time: GitTime, message: String) {
    self.name = name
    self.commit = commit
    self.identity = identity
    self.time = time
    self.message = message
  }

  /// The tag object's text, without a signature.
  ///
  /// - Throws: ``GitError/badName(_:_:)`` for a message with U+0000 or a name that is no tag's.
  func text() throws(GitError) -> [UInt8] {
    guard !message.utf8.contains(0) else { throw .badName(message, "a message cannot hold U+0000") }
    guard let short = name.tagName else { throw .badName(name.full, "it is not the name of a tag") }
    let header = "object \(commit)\ntype commit\ntag \(short)\ntagger \(identity.line(at: time))\n\n"
    return Array((header + message.withOneLineEnd).utf8)
  }
}
