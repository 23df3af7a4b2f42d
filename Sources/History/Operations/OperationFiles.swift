import Objects

/// The files of the operation log as they lie in its folder.
///
/// Every verb asks for the newest one. Numbers that share all but their last two digits share a folder, so that this
/// lists a name for a hundred operations and then a hundred names. The first build of format 1 wrote the files into the
/// log's folder itself: they stay there, and newer ones go into folders.
struct OperationFiles {
  let folder: String
  let fileSystem: any FileSystem

  func path(_ name: OperationFileName) -> String { folder + "/" + name.path }

  /// The name of the newest file. The others are not looked into.
  func newest() throws -> OperationFileName? {
    var (groups, flat) = try top()
    let newestFlat = try Self.greatest(flat).map { try parsed($0, in: nil) }
    while let group = Self.removeGreatest(&groups) {
      guard let text = Self.greatest(try list(group)) else { continue }
      let newest = try parsed(text, in: group.name)
      return newestFlat.flatMap { $0.sequence > newest.sequence ? $0 : nil } ?? newest
    }
    return newestFlat
  }

  /// In order; of those with lower or higher numbers nothing is asked.
  func names(from first: Int = 0, through last: Int? = nil) throws -> [OperationFileName] {
    let lowest = OperationFileName.digits(first)
    let lowestGroup = OperationFileName.group(of: first)
    let (groups, flat) = try top()
    var names: [OperationFileName] = []
    for text in flat where lowest <= text && !TemporaryName.matches(text) {
      names.append(try parsed(text, in: nil))
    }
    for group in groups where lowestGroup <= group.name {
      if let last, group.name > OperationFileName.group(of: last) { continue }
      for text in try list(group) where lowest <= text && !TemporaryName.matches(text) {
        names.append(try parsed(text, in: group.name))
      }
    }
    if let last { names.removeAll { $0.sequence > last } }
    names.sort { $0.sequence < $1.sequence }
    for (name, next) in zip(names, names.dropFirst()) where name.sequence == next.sequence {
      throw HistoryError.damaged(path: path(next), "there is another operation with its number")
    }
    return names
  }

  /// Writes the file that follows `latest`. Durable when it returns, with its folder and the file before it.
  func write(_ name: OperationFileName, _ bytes: [UInt8], after latest: OperationFileName?) throws {
    let group = OperationFileName.group(of: name.sequence)
    if latest.map({ $0.isFlat || OperationFileName.group(of: $0.sequence) != group }) ?? true {
      // The folder may be there already, from a process that died before its name was durable.
      try fileSystem.createDirectory(folder + "/" + group)
      try fileSystem.synchronizeDirectory(folder)
      if let latest, !latest.isFlat { try fileSystem.synchronizeName(of: path(latest)) }
    }
    do {
      try fileSystem.replaceAtomically(path(name), with: bytes)
    } catch {
      // Where only the folder could not be synchronized, the file is there: the verb failed, so it shall not count.
      try? fileSystem.remove(path(name))
      throw error
    }
  }

  /// Removes a file. Its folder stays when it was the only one: an empty folder is nothing to anybody.
  func remove(_ name: OperationFileName) throws {
    try fileSystem.remove(path(name))
    try fileSystem.synchronizeName(of: path(name))
  }

  /// The folders of all groups.
  func groupFolders() throws -> [String] {
    try top().groups.compactMap { try isFolder($0) ? folder + "/" + $0.name : nil }.sorted()
  }

  /// The folders that may hold what a process that did not finish was writing: the newest one with an operation in it,
  /// and those above it, which are empty.
  func newestGroupFolders() throws -> [String] {
    var folders: [String] = []
    var groups = try top().groups
    while let group = Self.removeGreatest(&groups) {
      guard try isFolder(group) else { continue }
      folders.append(folder + "/" + group.name)
      if Self.greatest(try list(group)) != nil { break }
    }
    return folders
  }

  // MARK: Listing

  /// What is in the log's folder: the folders of groups, and all other names.
  private func top() throws(ObjectsError) -> (groups: [DirectoryEntry], flat: [String]) {
    var groups: [DirectoryEntry] = []
    var flat: [String] = []
    for entry in try fileSystem.entries(folder) {
      if OperationFileName.isGroup(entry.name) { groups.append(entry) } else { flat.append(entry.name) }
    }
    return (groups, flat)
  }

  /// Refuses links and pipes; false when nothing is there any more.
  private func isFolder(_ group: DirectoryEntry) throws(ObjectsError) -> Bool {
    try FolderCheck.check(group, in: folder, isFolder: true, fileSystem) != nil
  }

  private func list(_ group: DirectoryEntry) throws(ObjectsError) -> [String] {
    try isFolder(group) ? fileSystem.list(folder + "/" + group.name) : []
  }

  private static func greatest(_ names: [String]) -> String? {
    var greatest = ""
    for name in names where greatest < name && !TemporaryName.matches(name) { greatest = name }
    return greatest.isEmpty ? nil : greatest
  }

  private static func removeGreatest(_ groups: inout [DirectoryEntry]) -> DirectoryEntry? {
    groups.indices.max { groups[$0].name < groups[$1].name }.map { groups.remove(at: $0) }
  }

  private func parsed(_ text: String, in group: String?) throws -> OperationFileName {
    guard let name = OperationFileName(text, in: group) else {
      let inner = group.map { $0 + "/" + text } ?? text
      throw HistoryError.damaged(path: folder + "/" + inner, "operations have other names")
    }
    return name
  }
}
