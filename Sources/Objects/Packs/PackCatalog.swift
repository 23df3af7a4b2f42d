import Records

/// The packs of a store at one moment, opened, with the small ones' indexes merged: a repository of hundreds of
/// small commits is searched as one table and a few large packs.
final class PackCatalog: Sendable {
  /// Packs of up to this many objects are merged.
  private static let smallCount = 512

  /// Every pack that could be opened, by digest.
  let files: [ObjectID: PackFile]
  /// Why each other pack could not.
  let failures: [ObjectsError]
  /// The first failure that is the system's, not the pack's: nothing may be called damaged or missing because of it.
  let systemFailure: ObjectsError?
  /// Names in the directory when it was listed, to tell whether it has changed.
  let digests: Set<ObjectID>

  private let large: [PackFile]
  private let small: [PackFile]
  private let merged: [MergedEntry]

  private struct MergedEntry {
    let prefix: UInt64
    let file: UInt32
    let position: UInt32
  }

  /// Opens the packs named by digests, taking over those that `previous` has open.
  init(_ digests: Set<ObjectID>, directory: String, previous: PackCatalog?, fileSystem: any FileSystem) {
    let hasher = SHA256()
    var files: [ObjectID: PackFile] = [:]
    var failures: [ObjectsError] = []
    for digest in digests.sorted() {
      if let open = previous?.files[digest] {
        files[digest] = open
        continue
      }
      do throws(ObjectsError) {
        files[digest] = try PackFile(
          path: "\(directory)/\(PackFormat.fileName(digest))", digest: digest, fileSystem: fileSystem,
          hasher: hasher)
      } catch {
        failures.append(error)
      }
    }
    self.digests = digests
    self.files = files
    self.failures = failures
    systemFailure = failures.first { if case .system = $0 { true } else { false } }
    let bySize = files.values.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.footer.packDigest < $1.footer.packDigest
    }
    large = bySize.filter { $0.count > Self.smallCount }
    small = bySize.filter { $0.count <= Self.smallCount }
    var merged: [MergedEntry] = []
    merged.reserveCapacity(small.reduce(0) { $0 + $1.count })
    for (number, file) in small.enumerated() {
      for position in 0..<file.count {
        merged.append(
          MergedEntry(prefix: file.prefix(position), file: UInt32(number), position: UInt32(position)))
      }
    }
    merged.sort { $0.prefix < $1.prefix }
    self.merged = merged
  }

  /// Calls `body` with each index entry whose prefix lies in a range, until it returns false.
  @inline(__always)
  func forEachCandidate(_ prefixes: ClosedRange<UInt64>, _ body: (PackFile, Int) -> Bool) {
    for file in large {
      var position = file.firstPosition(prefixes.lowerBound)
      while position < file.count, prefixes.contains(file.prefix(position)) {
        guard body(file, position) else { return }
        position += 1
      }
    }
    var position = lowerBound(of: prefixes.lowerBound, count: merged.count) { merged[$0].prefix }
    while position < merged.count, prefixes.contains(merged[position].prefix) {
      guard body(small[Int(merged[position].file)], Int(merged[position].position)) else { return }
      position += 1
    }
  }

  /// How many leading bits a first word shares with that of another object, at most: 0 to 63.
  func longestSharedPrefix(_ word: UInt64) -> Int {
    var longest = 0
    func compare(count: Int, _ number: (Int) -> UInt64) {
      let first = lowerBound(of: word, count: count, number: number)
      if first > 0 { longest = max(longest, (number(first - 1) ^ word).leadingZeroBitCount) }
      var next = first
      while next < count, number(next) == word { next += 1 }
      if next < count { longest = max(longest, (number(next) ^ word).leadingZeroBitCount) }
    }
    for file in large { compare(count: file.count) { file.prefix($0) } }
    compare(count: merged.count) { merged[$0].prefix }
    return longest
  }

  /// The reason to doubt that what was not found does not exist: a pack that could not be opened, or a damaged index.
  func firstDoubt(_ hasher: SHA256) -> ObjectsError? {
    if let failure = failures.first { return failure }
    for file in large + small {
      do throws(ObjectsError) { try file.checkIndex(hasher) } catch { return error }
    }
    return nil
  }
}
