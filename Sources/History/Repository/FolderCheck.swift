import Objects

/// Refuses what cannot be part of a repository before anything is read or written through it: symbolic links, which
/// could lead outside, and pipes and devices, which could hold the program up.
///
/// The file-system seam never follows a link in the last component of a path; this is for the folders in between, and
/// for libgit2 and SQLite, which open files by themselves.
enum FolderCheck {
  /// How deep references may be nested: a name has at most 200 bytes.
  private static let deepest = 100

  /// Everything directly in `.mdata`. Does not open what is there.
  static func repository(_ path: String, _ fileSystem: any FileSystem) throws(ObjectsError) {
    for entry in try fileSystem.entries(path) {
      try check(entry, in: path, isFolder: folders.contains(entry.name) ? true : nil, fileSystem)
    }
  }

  private static let folders: Set<String> = [
    "objects", "operations", "staging", "history.git", "quarantine", Repository.similarityName,
  ]

  /// The git folder: every file that libgit2 reads on its own account, all references, and the folders that it writes
  /// objects into. Objects themselves are read by the hash of what is found.
  static func git(_ path: String, _ fileSystem: any FileSystem) throws {
    for entry in try fileSystem.entries(path) { try check(entry, in: path, isFolder: nil, fileSystem) }
    for folder in ["refs", "logs"] { try everything(in: path + "/" + folder, fileSystem, level: 0) }
    let objects = path + "/objects"
    for entry in (try? fileSystem.entries(objects)) ?? [] {
      try check(entry, in: objects, isFolder: true, fileSystem)
    }
    for entry in (try? fileSystem.entries(objects + "/pack")) ?? [] {
      try check(entry, in: objects + "/pack", isFolder: false, fileSystem)
    }
    for name in ["alternates", "http-alternates"]
    where try fileSystem.status(objects + "/info/" + name) != nil {
      throw HistoryError.damaged(
        path: objects + "/info/" + name, "it lends objects from another place, and a repository holds its own"
      )
    }
    try configuration(path + "/config", fileSystem)
  }

  /// The configuration may not pull in files from elsewhere.
  private static func configuration(_ path: String, _ fileSystem: any FileSystem) throws {
    guard try fileSystem.status(path) != nil else { return }
    let text = try fileSystem.contents(of: path, limit: 1 << 20)
    for line in text.split(separator: 0x0A) {
      let word = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix(8).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
      if word == Array("[include".utf8) {
        throw HistoryError.damaged(path: path, "it includes another file")
      }
    }
  }

  private static func everything(in path: String, _ fileSystem: any FileSystem, level: Int) throws {
    guard let found = try fileSystem.status(path), found.kind == .directory else { return }
    guard level < deepest else { throw HistoryError.damaged(path: path, "its folders are nested too deeply") }
    for entry in try fileSystem.entries(path)
    where try check(entry, in: path, isFolder: nil, fileSystem) == .directory {
      try everything(in: path + "/" + entry.name, fileSystem, level: level + 1)
    }
  }

  /// What a name in a folder is, or nil when it went away since.
  ///
  /// - Parameter isFolder: what it must be; nil for either a folder or a file.
  @discardableResult
  static func check(
    _ entry: DirectoryEntry, in folder: String, isFolder: Bool?, _ fileSystem: any FileSystem
  ) throws(ObjectsError) -> FileStatus.Kind? {
    let path = folder + "/" + entry.name
    // What went away since it was listed was a temporary file.
    var found = entry.kind
    if found == nil { found = try fileSystem.status(path)?.kind }
    guard let kind = found else { return nil }
    let isFine =
      switch kind {
      case .directory: isFolder ?? true
      case .regular: !(isFolder ?? false)
      case .symbolicLink, .other: false
      }
    guard isFine else { throw .notAFile(path: path, kind) }
    return kind
  }
}
