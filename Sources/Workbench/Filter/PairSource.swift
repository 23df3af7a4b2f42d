import Glibc
import History
import Objects
import Records

/// Pairs that a verb looks at one after the other: the rows of a file, or the records of a version.
///
/// A file needs no repository.
enum PairSource {
  /// A path or `-`, as it was written.
  case file(String)
  case version(Commit, Workspace)

  /// What a word of the user's means: a file where there is one of that name, else a version.
  ///
  /// - Throws: ``Failure`` when it is neither, and when it is both.
  init(_ written: String, in session: Session) throws {
    let isFile = try written == "-" || Self.isFile(session.path(written), session)
    guard let workspace = try Self.unlessMissing({ try Workspace(session) }) else {
      guard isFile else {
        throw Failure(
          .missing, "there is no file `\(written)`, and no repository here whose version it could be",
          hint: "give the path of a file, or run this inside of a repository")
      }
      self = .file(written)
      return
    }
    guard isFile else {
      self = .version(try workspace.resolve(written), workspace)
      return
    }
    if !written.contains("/"), written != "-",
      try Self.unlessMissing({ try workspace.resolve(written) }) != nil
    {
      throw Failure(
        .usage, "`\(written)` is a file and a version",
        hint: "write `./\(written)` for the file, or the id of the version")
    }
    self = .file(written)
  }

  /// Nil for what is not there; what the system refuses is no answer.
  private static func unlessMissing<Value>(_ work: () throws -> Value) throws -> Value? {
    do {
      return try work()
    } catch let failure as Failure where failure.kind == .missing {
      return nil
    }
  }

  /// Whether what is read is there to be read again: a pipe is not.
  func isRepeatable(_ session: Session) -> Bool {
    guard case .file(let written) = self else { return true }
    var found = stat()
    return written != "-" && stat(session.path(written), &found) == 0 && found.st_mode & S_IFMT == S_IFREG
  }

  private static func isFile(_ path: String, _ session: Session) throws -> Bool {
    guard let kind = try session.fileSystem.status(path)?.kind else { return false }
    return kind != .directory
  }
}

/// Pairs that others are compared with, under the name by which the user called them.
struct NamedSource {
  let name: String
  let source: PairSource

  init(_ written: String, in session: Session) throws {
    name = written
    source = try PairSource(written, in: session)
  }

  init(_ name: String, _ source: PairSource) {
    self.name = name
    self.source = source
  }

  /// - Throws: ``Failure`` of kind `usage` when it is the very version that is looked at: all of it would be alike.
  func refuse(comparing source: PairSource) throws {
    guard case .version(let one, _) = source, case .version(let other, _) = self.source, one.id == other.id
    else { return }
    throw Failure(
      .usage, "`\(name)` is the version that is looked at: all of it is like itself",
      hint: "records of one version are compared with each other anyway; name another one")
  }

  /// What a report calls it: a version's id, or a file's name.
  var recordedName: String {
    if case .version(let commit, _) = source { commit.id.hex } else { Session.baseName(name) }
  }
}

/// One pair, while it is looked at.
struct ReadPair {
  /// The pair's canonical bytes, valid during the call.
  let bytes: UnsafeRawBufferPointer
  /// A column of its row as canonical JSON; nil when the row does not have it, has `null` or an empty text there.
  let column: (Facet) throws -> [UInt8]?

  /// The texts of some fields, a line feed between them.
  func text(of fields: [PairField]) throws -> [UInt8] {
    let parts = try PairFields(canonical: bytes)
    var text: [UInt8] = []
    for field in fields {
      var ranges: [Range<Int>?]
      switch field {
      case .system: ranges = [parts.system]
      case .turns: ranges = parts.turns.map(\.content)
      case .instruction: ranges = [parts.instruction]
      case .input: ranges = [parts.input]
      case .output: ranges = [parts.output]
      }
      for case let range? in ranges {
        if !text.isEmpty { text.append(0x0A) }
        text += PairFields.contents(range, in: bytes)
      }
    }
    return text
  }
}

extension PairSource {
  /// Calls `work` with each pair on some thread, and `take` with what it returned, in order. A record is nil for a row of
  /// a file.
  ///
  /// - Throws: ``Failure`` with the place of the first malformed row.
  func read<Value: Sendable>(
    _ session: Session, work: @escaping @Sendable (ReadPair) throws -> Value,
    take: (TreeEntry?, Value) throws -> Void
  ) throws {
    switch self {
    case .file(let written):
      let name = written == "-" ? "standard input" : nil
      let source = try ImportSource(written, name: name, session: session, folder: session.directory)
      try Self.read(source, session, work: work) { try take(nil, $0) }
    case .version(let commit, let workspace):
      try VersionScan(commit, in: workspace).run(
        making: { try RecordReader($0) },
        work: { reader, entry in
          try reader.pairBytes(entry).withUnsafeBytes { bytes in
            try work(ReadPair(bytes: bytes) { try reader.origins.json(of: $0, entry) })
          }
        }, take: { try take($0, $1) })
    }
  }

  private static func read<Value: Sendable>(
    _ source: ImportSource, _ session: Session, work: @escaping @Sendable (ReadPair) throws -> Value,
    take: (Value) throws -> Void
  ) throws {
    var rows = try source.placing { try RowReader(source: source.read) }
    let decoder = RowDecoder(layout: rows.layout, options: ImportOptions())
    try Pipeline(threads: session.threads, making: {}).run(
      next: { try source.placing { try rows.nextChunk() } },
      work: { (_, raw: RawChunk) -> Result<[Value], RejectedFile> in
        let chunk = decoder.decode(raw)
        if let reject = chunk.rejects.first { return .failure(RejectedFile(row: reject)) }
        return .success(try Self.values(of: chunk, work))
      },
      take: { found in
        switch found {
        case .success(let values): for value in values { try take(value) }
        case .failure(let rejected): throw source.failure(rejected.row)
        }
      })
  }

  private struct RejectedFile: Error {
    let row: RejectedRow
  }

  private static func values<Value>(
    of chunk: DecodedChunk, _ work: (ReadPair) throws -> Value
  ) throws -> [Value] {
    // Columns are read only when somebody asks.
    var origins: OriginsChunk?
    var values: [Value] = []
    values.reserveCapacity(chunk.count)
    try chunk.pairBytes.withUnsafeBytes { bytes in
      var start = 0
      for (offset, end) in chunk.pairEnds.enumerated() {
        let pair = ReadPair(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { facet in
          let known = try origins ?? OriginsChunk(parsing: chunk.origins)
          origins = known
          return known.json(ofColumn: facet.name, at: offset)
        }
        values.append(try work(pair))
        start = end
      }
    }
    return values
  }
}

extension OriginsChunk {
  /// A column's value in a row; nil when the row does not have it, and for `null` and an empty text, which say nothing.
  func json(ofColumn name: String, at offset: Int) -> [UInt8]? {
    guard let column = column(named: name), let range = value(ofColumn: column, at: offset) else {
      return nil
    }
    let value = bytes[range]
    return value.elementsEqual("null".utf8) || value.elementsEqual("\"\"".utf8) ? nil : Array(value)
  }
}
