import Glibc
import History
import Objects
import Records
import Synchronization

extension FuzzTarget {
  /// Revision expressions, asked of a repository with a few commits.
  static let revision = FuzzTarget("revision", longest: 128) { input in
    guard let text = String(validating: input, as: UTF8.self) else { return false }
    return try versions.withLock { versions in
      let known = try versions ?? Versions()
      versions = known
      do {
        let found = try known.git.resolve(text)
        try promise(known.commits.contains(found.commit), "`\(text)` names an unknown commit")
        return true
      } catch let error as GitError {
        switch error {
        case .badRevision, .badName: return false
        default: throw BrokenPromise("`\(text)`: \(error)")
        }
      }
    }
  }

  private static let versions = Mutex<Versions?>(nil)
}

/// A repository of three commits, a branch and a tag, in a folder that is removed at the end of the process.
private final class Versions: Sendable {
  let git: GitRepository
  let commits: Set<CommitID>

  init() throws {
    var template = Array("/tmp/mdata-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BrokenPromise("no temporary folder can be made") }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let repository = try Repository.create(at: folder + "/r", fileSystem: POSIXFileSystem())
    var parents: [CommitID] = []
    var commits: Set<CommitID> = []
    for number in 1...3 {
      let change = try repository.begin(
        verb: "commit", description: "commit \(number)",
        identity: GitIdentity(name: "Fuzz", email: "fuzz@localhost"), time: GitTime(seconds: 1_700_000_000))
      let empty = try change.build(sorted: [])
      let dataset = Dataset(snapshot: empty.id, records: 0, batches: empty.id, batchCount: 0)
      let commit = try change.commit(dataset, parents: parents, message: "\(number)", moving: .head)
      if number == 2 { try change.move(.branch("side"), to: commit) }
      if number == 2 { try change.move(.tag("v1"), to: commit) }
      _ = try change.finish()
      commits.insert(commit)
      parents = [commit]
    }
    git = try repository.git()
    self.commits = commits
    TemporaryFolders.removeAtExit(folder)
  }
}

/// Folders to remove when the process ends.
private enum TemporaryFolders {
  private static let paths = Mutex<[String]>([])

  static func removeAtExit(_ path: String) {
    paths.withLock { paths in
      if paths.isEmpty { atexit { TemporaryFolders.remove() } }
      paths.append(path)
    }
  }

  private static func remove() {
    for path in paths.withLock({ $0 }) { remove(path) }
  }

  private static func remove(_ path: String) {
    let files = POSIXFileSystem()
    guard let found = try? files.status(path), found.kind == .directory else {
      unlink(path)
      return
    }
    for name in (try? files.list(path)) ?? [] { remove(path + "/" + name) }
    rmdir(path)
  }
}
