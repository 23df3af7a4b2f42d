import Glibc
import Objects

/// `packed-refs`: references that git has collected in one file. mdata reads them through libgit2 and writes none,
/// but a name that is deleted must not come back from here.
struct PackedReferences {
  /// The git repository's folder.
  let folder: String
  let fileSystem: any FileSystem

  /// The largest file that is read, in bytes.
  static let longestFile = 64 << 20
  static let fileName = "/packed-refs"
  private var path: String { folder + Self.fileName }

  /// Removes a name, durably. Does nothing when the name is not there.
  ///
  /// - Throws: ``GitError/referenceLocked(_:)`` when another program is writing the file.
  func remove(_ name: RefName) throws(GitError) {
    let before = try contents()
    let after = Self.removing(name.full, from: before)
    guard after.count != before.count else { return }
    let prepared: ReferenceLock.Prepared
    do throws(ObjectsError) {
      prepared = try ReferenceLock.Prepared(after, in: folder, fileSystem)
    } catch { throw .files(error) }
    let lock = try ReferenceLock(path: path, prepared, folder: folder, fileSystem: fileSystem)
    guard try contents() == before else { throw .referenceLocked(path + ".lock") }
    do throws(ObjectsError) {
      try lock.commit()
      try fileSystem.synchronizeDirectory(folder)
    } catch { throw .files(error) }
  }

  /// What the file holds without a name.
  func without(_ name: RefName) throws(GitError) -> [UInt8] { Self.removing(name.full, from: try contents()) }

  private func contents() throws(GitError) -> [UInt8] {
    do throws(ObjectsError) {
      guard try fileSystem.status(path) != nil else { return [] }
      return try fileSystem.contents(of: path, limit: Self.longestFile)
    } catch { throw .files(error) }
  }

  /// The lines without that of a name and the peeled id (`^…`) after it (git-pack-refs).
  private static func removing(_ name: String, from text: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var follows = false
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let isPeeled = line.first == UInt8(ascii: "^")
      if !isPeeled { follows = line.dropFirst(40).elementsEqual(" \(name)".utf8) }
      if follows { continue }
      kept += line
      kept.append(UInt8(ascii: "\n"))
    }
    // The last line's end was one too many: the text after it is empty.
    _ = kept.popLast()
    return kept
  }
}
