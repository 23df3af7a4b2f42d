import Records

/// Merging of small packs as they come, so that a repository of thousands of small commits opens a few dozen files.
///
/// Packs are sorted into tiers by their number of objects, each 32 times the one below. A tier that has 32 packs becomes
/// one, together with everything smaller: an object is copied once a tier, so at most four times on its way into a pack
/// of a million, and there are never more than 31 packs of a tier. (The tiered compaction of log-structured merge
/// trees, O'Neil et al. 1996.) Nothing is dropped: that is what `gc` is for, and needs to know what is reached.
extension ObjectStore {
  /// How many packs make a tier full, and how much larger the packs of the next are.
  static let packsPerTier = 32

  /// Merges packs when a tier is full. Nobody else may repack meanwhile; reading and writing go on, since every object
  /// is in the new pack before an old one goes.
  ///
  /// - Returns: whether packs were merged.
  /// - Throws: what is wrong with an object that would have to be copied; then nothing has changed.
  @discardableResult
  public func mergeSmallPacks() throws(ObjectsError) -> Bool {
    let files = packs.catalog().files.values
    var perTier: [Int: Int] = [:]
    for file in files { perTier[Self.tier(file.count), default: 0] += 1 }
    guard let full = perTier.filter({ $0.value >= Self.packsPerTier }).keys.max() else { return false }
    let marks = try ObjectMarks(self)
    let small = marks.catalog.files.values.filter { Self.tier($0.count) <= full }
    let repack = Repack(RepackPlan(merging: small), marks, threads: 1)
    _ = try repack.write()
    _ = try repack.removeOld(waiting: 0)
    return true
  }

  /// The number of times a count of objects can be divided by ``packsPerTier``.
  static func tier(_ count: Int) -> Int {
    var tier = 0
    var rest = count / packsPerTier
    while rest > 0 {
      tier += 1
      rest /= packsPerTier
    }
    return tier
  }
}

extension RepackPlan {
  /// Everything in these packs goes into one.
  init(merging files: [PackFile]) {
    let ordered = files.sorted { $0.footer.packDigest < $1.footer.packDigest }
    self.init(
      packs: ordered.map { file in
        Pack(
          digest: file.footer.packDigest, bytes: file.bytes.count, fate: .merged, objects: file.count,
          dropped: 0,
          keptBytes: file.footer.indexOffset)
      },
      isAggressive: false,
      taken: Dictionary(
        uniqueKeysWithValues: ordered.map { ($0.footer.packDigest, PackBits(full: $0.count)) }),
      setAside: [:])
  }
}
