import Records

/// Merging of small packs as they come, so that a repository of thousands of small commits opens about ten files.
///
/// Packs are sorted into tiers by their number of objects, each 4 times the one below. A tier that has 4 packs becomes
/// one, together with everything smaller, so there are never more than 3 packs of a tier. (The tiered compaction of
/// log-structured merge trees, O'Neil et al. 1996.) A commit does not wait for large packs: those
/// above ``highestTier`` stay as they are, and an object is copied at most eight times on its way there. Nothing is
/// dropped: that is what `gc` is for, and needs to know what is reached.
extension ObjectStore {
  /// How many packs make a tier full, and how much larger the packs of the next are.
  static let packsPerTier = 4
  /// Packs of higher tiers, of 65,536 and more objects, wait for `gc`.
  static let highestTier = 7

  /// Merges packs when a tier is full. Nobody else may repack meanwhile; reading and writing go on, since every object
  /// is in the new pack before an old one goes.
  ///
  /// - Returns: whether packs were merged.
  /// - Throws: what is wrong with an object that would have to be copied; then nothing has changed.
  @discardableResult
  public func mergeSmallPacks() throws(ObjectsError) -> Bool {
    var perTier = [Int](repeating: 0, count: Self.highestTier + 1)
    for file in packs.catalog().files.values {
      let tier = Self.tier(file.count)
      if tier <= Self.highestTier { perTier[tier] += 1 }
    }
    guard let full = perTier.lastIndex(where: { $0 >= Self.packsPerTier }) else { return false }
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
