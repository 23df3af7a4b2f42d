import Records

/// Carries out a ``RepackPlan``: first the new packs, durable and visible, then, once nobody can need more than they
/// hold, the removal of the old ones. Stopped anywhere, the store has every object it had; a second run finishes.
public final class Repack {
  private let plan: RepackPlan
  private let marks: ObjectMarks
  private let threads: Int
  private var files: [PackFile] = []
  private var made: Set<ObjectID> = []
  private let known: Set<ObjectID>

  /// A repack of the packs that the marks were made of.
  ///
  /// - Parameter threads: how many may compress; the packs do not depend on it.
  public init(_ plan: RepackPlan, _ marks: ObjectMarks, threads: Int) {
    self.plan = plan
    self.marks = marks
    self.threads = max(1, threads)
    known = Set(marks.catalog.files.keys)
    // The order of the objects decides the bytes of the new pack: the largest pack first, each in its own order.
    files = plan.going.compactMap { marks.catalog.files[$0.digest] }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.footer.packDigest < $1.footer.packDigest
    }
  }

  /// Writes the new packs. Every object is decoded and hashed on the way, so that no damage is carried on.
  /// Throws what is wrong with one that is needed; then nothing has changed.
  public func write() throws(ObjectsError) -> [PackInfo] {
    var packs: [PackInfo] = []
    let catalog = marks.catalog
    let dictionary = marks.packs.newestDictionary(in: catalog).dictionary
    if plan.taken.values.contains(where: { !$0.isEmpty }) {
      let pending = try PendingPack(marks.packs)
      if plan.isAggressive {
        try AggressivePacking(
          pending: pending, packs: marks.packs, catalog: catalog, threads: threads
        ).append(entries(plan.taken, sortedByDepth: false))
      } else {
        pending.dictionary = dictionary
        try append(entries(plan.taken, sortedByDepth: true), to: pending, as: dictionary)
      }
      packs.append(try finish(pending))
    }
    if !plan.setAside.isEmpty {
      let pending = try PendingPack(marks.packs)
      pending.dictionary = dictionary
      try append(entries(plan.setAside, sortedByDepth: false), to: pending, as: dictionary, copying: false)
      packs.append(try finish(pending))
    }
    return packs
  }

  private func finish(_ pending: PendingPack) throws(ObjectsError) -> PackInfo {
    let info = try pending.finish()
    marks.packs.adopt(info.digest)
    made.insert(info.digest)
    return info
  }

  /// The entries to be written. By depth, objects that are stored whole come before those that need them, and of two
  /// copies of an object the one that needs fewer others is the one that is kept: what relied on it still can.
  private func entries(_ bits: [ObjectID: PackBits], sortedByDepth: Bool) throws(ObjectsError)
    -> [RepackEntry]
  {
    var entries: [RepackEntry] = []
    for (number, file) in files.enumerated() {
      guard let wanted = bits[file.footer.packDigest] else { continue }
      for position in 0..<file.count where wanted[position] {
        let entry = try file.checkedEntry(position)
        entries.append(
          RepackEntry(
            file: file, position: position, offset: entry.offset, number: UInt32(number),
            depth: UInt8(entry.depth), kind: entry.kind))
      }
    }
    entries.sort {
      ($0.depth * (sortedByDepth ? 1 : 0), $0.number, $0.offset)
        < ($1.depth * (sortedByDepth ? 1 : 0), $1.number, $1.offset)
    }
    return entries
  }

  /// Copies entries as they are, but those that need a dictionary which the new pack does not name.
  private func append(
    _ entries: [RepackEntry], to pending: PendingPack, as dictionary: CompressionDictionary?,
    copying: Bool = true
  ) throws(ObjectsError) {
    let reader = try ObjectReader(marks.packs, catalog: marks.catalog, pending: nil)
    let codec = try ObjectCodec(reader: reader, dictionary: dictionary)
    var bytes: [UInt8] = []
    for entry in entries {
      guard let found = try reader.verified(entry.position, in: entry.file), !pending.contains(found.id)
      else {
        continue
      }
      let isForeign =
        found.entry.encoding == .dictionary && entry.file.footer.dictionary != dictionary?.id
        || found.entry.encoding == .delta && !copying
      if isForeign {
        bytes.removeAll(keepingCapacity: true)
        try codec.append(entry.kind, found.bytes, to: &bytes)
        try bytes.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
          try pending.append(found.id, entry.kind, bytes)
        }
      } else {
        let stored = entry.file.bytes[found.entry.offset..<found.entry.end]
        try pending.append(found.id, entry.kind, UnsafeRawBufferPointer(rebasing: stored))
      }
    }
  }
}

/// An entry that goes into a new pack.
struct RepackEntry: Sendable {
  let file: PackFile
  let position: Int
  let offset: Int
  let number: UInt32
  let depth: UInt8
  let kind: ObjectKind
}

extension Repack {
  /// Removes the old packs whose needed objects are all in the new ones. Called with the repository's lock held,
  /// after everything that is reached now has been marked again: what became reached, or what a new pack relies on,
  /// since the plan was made keeps its pack. Nothing is dropped while a writer has a lease.
  ///
  /// - Parameter patience: how many milliseconds to wait for writers to end.
  /// - Returns: the names of the packs that went, and whether writers kept some.
  public func removeOld(waiting patience: Int) throws(ObjectsError) -> (removed: [String], isBusy: Bool) {
    let fileSystem = marks.packs.fileSystem
    let lease = try StoreLease.exclusive(marks.packs.path, fileSystem, waiting: patience)
    defer { withExtendedLifetime(lease) {} }
    let removable = try removable()
    var removed: [String] = []
    var isBusy = false
    for pack in plan.going where removable.contains(pack.digest) {
      guard lease != nil || pack.dropped == 0 else {
        isBusy = true
        continue
      }
      let name = PackFormat.fileName(pack.digest)
      try fileSystem.remove("\(marks.packs.path)/\(name)")
      removed.append(name)
    }
    if !removed.isEmpty { try fileSystem.synchronizeDirectory(marks.packs.path) }
    marks.packs.refresh()
    return (removed, isBusy)
  }

  private func removable() throws(ObjectsError) -> Set<ObjectID> {
    try marks.follow()
    // A pack that came since may rely on any object and any dictionary.
    for (digest, file) in marks.catalog.files where !known.contains(digest) && !made.contains(digest) {
      try markNeeds(of: file)
    }
    var removable = Set(plan.going.map(\.digest)).subtracting(made)
    while true {
      let staying = removable.filter { digest in
        let kept = plan.taken[digest] ?? PackBits(0)
        return !marks.marks(of: digest).isSubset(of: kept)
      }
      guard !staying.isEmpty else { return removable }
      removable.subtract(staying)
      for digest in staying {
        if let file = marks.catalog.files[digest] { try markNeeds(of: file) }
      }
    }
  }

  private func markNeeds(of file: PackFile) throws(ObjectsError) {
    if file.footer.dictionaryNumber > 0 { marks.mark(candidates: file.footer.dictionary) }
    for position in 0..<file.count {
      let entry = try file.checkedEntry(position)
      if entry.encoding == .delta { marks.mark(candidates: entry.base) }
    }
  }
}
