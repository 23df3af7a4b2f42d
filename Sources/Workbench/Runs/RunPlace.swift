import Glibc
import History
import Records

/// A folder in which the result of a training may lie.
struct RunPlace {
  /// As it was given, or relative to where the user stands.
  let path: String
  private let absolute: String

  /// - Throws: ``Failure`` when there is no such folder.
  init(_ path: String, _ session: Session) throws {
    self.path = path
    absolute = session.path(path)
    guard Self.isFolder(absolute) else { throw Failure(.missing, "there is no folder `\(path)`") }
  }

  /// The folder of a run's result: where the user stands, or beside the repository. Where a run was asked to write is
  /// not recorded, only the folder's name: a path says something of one machine and its owner alone. Of two folders the
  /// one with the run's own metrics is taken.
  static func find(_ run: Run, _ workspace: Workspace) throws -> RunPlace? {
    guard let name = run.output?.name else { return nil }
    let session = workspace.session
    let beside = Session.folder(of: workspace.repository.path) + "/" + name
    let found = [name, beside].filter { isFolder(session.path($0)) }.compactMap {
      try? RunPlace($0, session)
    }
    return found.first { (try? $0.metrics())?.digest == run.metrics } ?? found.first
  }

  var name: String { Session.baseName(path) }

  static func isFolder(_ path: String) -> Bool {
    var found = stat()
    return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFDIR
  }

  /// The steps of its training, and the digest of their file; nil when there is none.
  ///
  /// - Throws: ``Failure`` with file and line where one is malformed.
  func metrics() throws -> (curve: RunCurve, digest: ContentDigest)? {
    let file = "/" + MetricsReader.fileName
    return try MetricsReader(absolute + file, named: path + file).read()
  }

  /// How the model in it compares with a digest. Reads all of its files.
  func model(_ expected: String?, reads: Bool) throws -> RunFolder.State {
    var found = stat()
    // A whole model, or an adapter.
    let isThere = ["config.json", "adapter_config.json"].contains { stat(absolute + "/" + $0, &found) == 0 }
    guard isThere else { return .missing }
    guard reads, let expected else { return .unchecked }
    return Self.state(try ModelDigest.of(absolute).hex, expected)
  }

  static func state(_ found: String?, _ expected: String?) -> RunFolder.State {
    guard let found else { return .missing }
    guard let expected else { return .unchecked }
    return found == expected ? .intact : .changed
  }
}
