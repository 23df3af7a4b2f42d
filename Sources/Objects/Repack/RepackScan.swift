import Records

/// A pack as a repack sees it: which of its entries are reached and how long each is.
struct RepackScan {
  let file: PackFile
  let isYoung: Bool
  /// The entries that are reached, and the dictionaries that packs name.
  private(set) var live: PackBits
  private(set) var liveCount = 0
  private(set) var deadBytes = 0
  private(set) var entryBytes = 0
  private var lengths: [Int32] = []
  private var dictionaries: Set<Int> = []

  var digest: ObjectID { file.footer.packDigest }

  /// Length of the entry at an index position with its place in the index.
  func length(_ position: Int) -> Int {
    Int(lengths[position]) + PackFormat.prefixBytes + PackFormat.offsetBytes(file.footer.indexOffset)
  }

  func isDictionary(_ position: Int) -> Bool { dictionaries.contains(position) }

  /// Every pack of a store, the smallest names first.
  ///
  /// - Parameter live: what is needed in each.
  static func all(
    _ marks: ObjectMarks, live: [ObjectID: PackBits], cutoff: Int
  ) throws(ObjectsError) -> [RepackScan] {
    let files = marks.catalog.files.values.sorted { $0.footer.packDigest < $1.footer.packDigest }
    let named = Set(files.filter { $0.footer.dictionaryNumber > 0 }.map(\.footer.dictionary.word0))
    var scans: [RepackScan] = []
    for file in files {
      let modified = try marks.packs.fileSystem.status(file.path)?.modified ?? 0
      scans.append(
        try RepackScan(
          file, live[file.footer.packDigest] ?? PackBits(file.count), named, isYoung: modified > cutoff))
    }
    return scans
  }

  private init(
    _ file: PackFile, _ reached: PackBits, _ namedDictionaries: Set<UInt64>, isYoung: Bool
  ) throws(ObjectsError) {
    self.file = file
    self.isYoung = isYoung
    live = reached
    lengths.reserveCapacity(file.count)
    for position in 0..<file.count {
      let entry = try file.checkedEntry(position)
      lengths.append(Int32(entry.end - entry.offset))
      entryBytes += entry.end - entry.offset
      if entry.kind == .dictionary {
        dictionaries.insert(position)
        if namedDictionaries.contains(file.prefix(position)) { live.set(position) }
      }
      // A pack of nothing but dictionaries is of use only while another names them, which the closure finds.
      if live[position] {
        if entry.kind != .dictionary { liveCount += 1 }
      } else {
        deadBytes += entry.end - entry.offset
      }
    }
  }
}

extension PackFile {
  /// The entry at an index position. Throws ``ObjectsError/damagedPack(path:offset:reason:)``.
  func checkedEntry(_ position: Int) throws(ObjectsError) -> PackEntry {
    do throws(Damage) {
      return try entry(position)
    } catch {
      throw .damagedPack(path: path, offset: error.offset, reason: error.reason)
    }
  }
}

extension PackFormat {
  /// Bytes of a pack that are neither entries nor index.
  static let overhead = header.count + PackFooter.byteCount
}
