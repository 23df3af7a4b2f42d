import Objects

/// A draft as git objects: blobs, trees, and the commit last (gitformat-commit, git-fast-import's `tree`; git 2.x).
struct GitCommitEncoding {
  /// In the order in which they must be written: what an object names comes before it.
  private(set) var objects: [LooseObject] = []
  private var known: Set<[UInt8]> = []

  /// Encodes a draft whose author git accepts.
  ///
  /// - Parameter sign: gives the commit's text a signature, or nil for none.
  /// - Throws: ``GitError/badName(_:_:)`` for a path that could leave its folder or clash with another, or a message
  ///   with U+0000; what `sign` throws.
  init(_ draft: GitCommitDraft, sign: Signing = { _ in nil }) throws {
    guard !draft.message.utf8.contains(0) else {
      throw GitError.badName(draft.message, "a message cannot hold U+0000")
    }
    var files: [File] = []
    for (path, bytes) in draft.files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      for part in parts {
        if let reason = RefName.fault(ofPart: part) { throw GitError.badName(path, reason) }
      }
      files.append(File(path: parts.map { Array($0) }[...], bytes: bytes))
    }
    let tree = try addTree(files[...])
    var header = "tree \(tree)\n"
    for parent in draft.parents { header += "parent \(parent)\n" }
    let committer = draft.identity.line(at: draft.time)
    let author = try draft.author.map { try $0.lineOfAnother() } ?? committer
    header += "author \(author)\ncommitter \(committer)\n"
    let body = "\n" + draft.message.withOneLineEnd
    let signature = try sign(Array((header + body).utf8)).map(SignedText.header) ?? []
    _ = try add(.commit, Array(header.utf8) + signature + Array(body.utf8))
  }

  /// The commit's id.
  var commit: CommitID { CommitID(unchecked: objects.last?.id ?? []) }

  private struct File {
    var path: ArraySlice<[UInt8]>
    let bytes: [UInt8]
  }

  private mutating func add(_ kind: LooseObject.Kind, _ content: [UInt8]) throws(GitError) -> CommitID {
    let object: LooseObject
    do throws(ObjectsError) { object = try LooseObject(kind, content) } catch { throw .files(error) }
    if known.insert(object.id).inserted { objects.append(object) }
    return CommitID(unchecked: object.id)
  }

  /// Adds the tree of files that are sorted by path, with its folders. Git sorts a folder as if its name ended with
  /// a slash, which is the order of whole paths.
  private mutating func addTree(_ files: ArraySlice<File>) throws(GitError) -> CommitID {
    var content: [UInt8] = []
    var names: Set<[UInt8]> = []
    var rest = files
    while let file = rest.first, let name = file.path.first {
      guard names.insert(name).inserted else {
        throw .badName(String(decoding: name, as: UTF8.self), "it is both a file and a folder")
      }
      let id: CommitID
      if file.path.count == 1 {
        rest.removeFirst()
        id = try add(.blob, file.bytes)
        content += "100644 ".utf8
      } else {
        let inside = rest.prefix(while: { $0.path.count > 1 && $0.path.first == name })
        rest = rest[inside.endIndex...]
        id = try addTree(inside.map { File(path: $0.path.dropFirst(), bytes: $0.bytes) }[...])
        content += "40000 ".utf8
      }
      content += name + [0] + id.bytes
    }
    return try add(.tree, content)
  }
}

/// Gives bytes a signature, in the form in which git keeps it: lines of ASCII, the last with its end. Nil when they are
/// not to be signed.
public typealias Signing = (_ payload: [UInt8]) throws -> [UInt8]?

extension GitStamp {
  /// The line of somebody whom another commit names, as that one has it: git may have let an empty address pass.
  ///
  /// - Throws: ``GitError/badName(_:_:)`` when it would not be one line of a name, an address and a time.
  fileprivate func lineOfAnother() throws(GitError) -> String {
    for text in [identity.name, identity.email]
    where text.utf8.contains(where: { "\0\n<>".utf8.contains($0) }) {
      throw .badName(text, "an author cannot hold U+0000, a line end, `<` or `>`")
    }
    return identity.line(at: time)
  }
}

extension GitIdentity {
  /// As a commit's or a tag's header has it: name, address, seconds since 1970 and the distance from UTC as `+hhmm`.
  /// Git has no moment before 1970.
  func line(at time: GitTime) -> String {
    func digits(_ value: UInt32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = time.offset.magnitude
    let zone = "\(time.offset < 0 ? "-" : "+")\(digits(minutes / 60))\(digits(minutes % 60))"
    return "\(name) <\(email)> \(max(0, time.seconds)) \(zone)"
  }
}

extension String {
  /// The text with exactly one line end at its end, as git writes messages.
  var withOneLineEnd: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return text + "\n"
  }
}
