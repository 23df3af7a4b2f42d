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
