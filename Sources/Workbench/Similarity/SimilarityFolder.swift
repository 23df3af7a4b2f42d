import History
import Objects
import Records

/// The files of a similarity index: `.mdata/similarity/NAME`, a cache beside the objects.
///
/// A state names immutable segments, and is replaced in one step, so that a reader sees an index whole whatever a writer
/// does. What cannot be read or written is as good as absent: whoever needs the index then makes it in memory.
struct SimilarityFolder {
  let path: String
  private let root: String
  private let fileSystem: any FileSystem

  private static let stateName = "state"
  private static let lockName = "lock"

  /// - Parameters:
  ///   - kind: what is compared, as a short word.
  ///   - parameters: all that items depend on. Indexes of other parameters lie elsewhere.
  init(kind: String, parameters: String, of repository: Repository) {
    root = repository.similarityPath
    let digest = SHA256.digest(of: Array(parameters.utf8)).hex
    path = "\(root)/\(kind)-\(digest.prefix(16))"
    fileSystem = repository.fileSystem
  }

  /// Deletes the indexes of a repository: whoever needs one makes it again. What is no part of them stays.
  static func discardAll(of repository: Repository) throws {
    let (root, files) = (repository.similarityPath, repository.fileSystem)
    guard try files.status(root)?.kind == .directory else { return }
    for index in try files.list(root) {
      let path = root + "/" + index
      guard try files.status(path)?.kind == .directory else { continue }
      // The state first: without it the rest is nothing.
      for name in try files.list(path).sorted(by: { $0 == stateName && $1 != stateName })
      where name == stateName || name == lockName || isSegment(name) || TemporaryName.matches(name) {
        try files.remove(path + "/" + name)
      }
      try? files.removeDirectory(path)
    }
    try? files.removeDirectory(root)
  }

  /// What is there: the state, nil when there is none or not a whole one; and its segments, nil when some cannot be read.
  func load() -> (state: SimilarityState?, segments: [MappedFile]?) {
    guard isOurs else { return (nil, nil) }
    var known = state()
    // A writer may remove a segment between its name and its bytes: then the state is another one.
    while let state = known {
      if let segments = try? state.segments.map(map) { return (state, segments) }
      known = self.state()
      if known == state { return (state, nil) }
    }
    return (nil, nil)
  }

  /// Whether the folders are folders: a symbolic link could lead anywhere.
  private var isOurs: Bool {
    [root, path].allSatisfy { (try? fileSystem.status($0))??.kind == .directory }
  }

  private func state() -> SimilarityState? {
    (try? fileSystem.contents(of: path + "/" + Self.stateName, limit: SimilarityState.limit))
      .flatMap { SimilarityState($0) }
  }

  /// What a segment of these bytes is called.
  static func segmentName(of bytes: [UInt8]) -> String {
    String(SHA256.digest(of: bytes).hex.prefix(nameLength))
  }

  private static func isSegment(_ name: String) -> Bool {
    name.utf8.count == nameLength && name.utf8.allSatisfy { Hex.value(of: $0) != nil }
  }

  private static let nameLength = 32

  private func map(_ name: String) throws -> MappedFile {
    guard Self.isSegment(name) else { throw Failure(.data, "`\(name)` is not the name of a segment") }
    let file = try fileSystem.open(path + "/" + name, .read)
    defer { fileSystem.close(file) }
    return try fileSystem.map(file, length: fileSystem.status(file).length)
  }

  /// Replaces what was loaded, unless somebody else did meanwhile or is about to. Not to be able to is no error.
  ///
  /// - Parameters:
  ///   - segments: bytes of new segments, by their names.
  func replace(_ loaded: SimilarityState?, with state: SimilarityState, segments: [String: [UInt8]]) {
    try? write(loaded, state, segments)
  }

  private func write(_ loaded: SimilarityState?, _ state: SimilarityState, _ segments: [String: [UInt8]])
    throws
  {
    try fileSystem.createDirectory(root)
    try fileSystem.createDirectory(path)
    guard isOurs else { return }
    let lock = try RepositoryLock(
      path: path + "/" + Self.lockName, holder: "similarity", fileSystem: fileSystem, waiting: 0)
    try withExtendedLifetime(lock) {
      guard self.state() == loaded else { return }
      for (name, bytes) in segments {
        try fileSystem.replaceAtomically(path + "/" + name, with: bytes)
      }
      try fileSystem.replaceAtomically(path + "/" + Self.stateName, with: state.bytes)
      let kept = Set(state.segments)
      for name in try fileSystem.list(path) where Self.isSegment(name) && !kept.contains(name) {
        try fileSystem.remove(path + "/" + name)
      }
      try fileSystem.removeLeftovers(in: path)
    }
  }
}
