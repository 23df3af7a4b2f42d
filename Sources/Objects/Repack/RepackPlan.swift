public import Records

/// What a repack will do with each pack, and with each object in those that go.
public struct RepackPlan: Sendable {
  /// What becomes of a pack.
  public enum Fate: String, Sendable {
    /// It stays as it is.
    case stays
    /// What is needed of it goes into the new pack, and it goes.
    case merged
    /// Nothing of it is needed: it goes.
    case removed
  }

  /// A pack and its objects.
  public struct Pack: Sendable {
    /// Its name.
    public let digest: ObjectID
    /// Its length in bytes.
    public let bytes: Int
    /// What becomes of it.
    public let fate: Fate
    /// How many objects it holds.
    public let objects: Int
    /// How many of them go with it and are gone.
    public let dropped: Int
    /// How many bytes its entries that stay or go on take, with their share of the index.
    let keptBytes: Int
  }

  /// All packs there were, the smallest names first.
  public let packs: [Pack]
  /// Whether everything is compressed anew.
  public let isAggressive: Bool
  /// Of the packs that go: what the new pack takes over.
  let taken: [ObjectID: PackBits]
  /// Of the packs that go: what nothing refers to and is too young to be dropped, which gets a pack of its own.
  let setAside: [ObjectID: PackBits]

  init(packs: [Pack], isAggressive: Bool, taken: [ObjectID: PackBits], setAside: [ObjectID: PackBits]) {
    self.packs = packs
    self.isAggressive = isAggressive
    self.taken = taken
    self.setAside = setAside
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { packs.allSatisfy { $0.fate == .stays } }
  /// The packs that go.
  public var going: [Pack] { packs.filter { $0.fate != .stays } }
  /// How many objects are dropped.
  public var dropped: Int { packs.reduce(0) { $0 + $1.dropped } }
  /// All packs' lengths together.
  public var bytesBefore: Int { packs.reduce(0) { $0 + $1.bytes } }
  /// What they will be together; of an aggressive repack the most.
  public var bytesAfter: Int {
    packs.filter { $0.fate == .stays }.reduce(
      newPacks * PackFormat.overhead + going.reduce(0) { $0 + $1.keptBytes }
    ) { $0 + $1.bytes }
  }
  /// How many packs there will be.
  public var packsAfter: Int { packs.count - going.count + newPacks }

  private var newPacks: Int {
    [taken, setAside].count { bits in bits.values.contains { !$0.isEmpty } }
  }
}

extension RepackPlan {
  /// A pack is rewritten for the sake of its garbage alone when that is more than one byte in this many.
  static let garbageShare = 10

  /// Plans a repack.
  ///
  /// Packs are merged so that each that is left has at least twice as many objects as all smaller ones together:
  /// their number grows with the logarithm of the number of objects, and an object is copied that often.
  ///
  /// - Parameters:
  ///   - marks: the objects that are reached.
  ///   - cutoff: packs changed after this, in nanoseconds since 1970, are young: nothing of them is dropped.
  public init(_ marks: ObjectMarks, aggressive: Bool, cutoff: Int) throws(ObjectsError) {
    isAggressive = aggressive
    let scans = try RepackScan.all(
      marks, live: Self.live(marks, withBases: !aggressive), cutoff: cutoff)
    var going = Self.going(scans, aggressive: aggressive)
    var closure = try Self.closure(of: scans, going: going, marks, aggressive: aggressive)
    // One pack that would only be copied is left in peace.
    if !aggressive, going.count == 1, let scan = scans.first(where: { going.contains($0.digest) }),
      closure.taken[scan.digest]?.isFull(scan.file.count) == true
    {
      going = []
      closure = RepackClosure(marks.catalog, going: [])
    }
    taken = closure.taken
    var setAside: [ObjectID: PackBits] = [:]
    var packs: [Pack] = []
    for scan in scans {
      let isGoing = going.contains(scan.digest)
      var aside = PackBits(scan.file.count)
      var (dropped, keptBytes, keptCount) = (0, 0, 0)
      for position in 0..<scan.file.count where isGoing {
        let isTaken = taken[scan.digest]?[position] == true
        if !isTaken, scan.isYoung, !scan.isDictionary(position) { aside.set(position) }
        if isTaken || aside[position] {
          keptBytes += scan.length(position)
          keptCount += 1
        } else {
          dropped += 1
        }
      }
      if !aside.isEmpty { setAside[scan.digest] = aside }
      packs.append(
        Pack(
          digest: scan.digest, bytes: scan.file.bytes.count,
          fate: !isGoing ? .stays : keptCount == 0 ? .removed : .merged, objects: scan.file.count,
          dropped: dropped, keptBytes: keptBytes))
    }
    self.setAside = setAside
    self.packs = packs
  }

  /// What is reached, and unless all is encoded anew the bases it is read with.
  private static func live(_ marks: ObjectMarks, withBases: Bool) throws(ObjectsError) -> [ObjectID: PackBits]
  {
    let files = marks.catalog.files
    guard withBases else { return files.mapValues { marks.marks(of: $0.footer.packDigest) } }
    var closure = RepackClosure(marks.catalog, going: Set(files.keys))
    for digest in files.keys { closure.take(marks.marks(of: digest), of: digest) }
    for (digest, file) in files { try closure.require(whatNeeds: file, only: marks.marks(of: digest)) }
    return closure.taken
  }

  /// What goes into the new pack.
  private static func closure(
    of scans: [RepackScan], going: Set<ObjectID>, _ marks: ObjectMarks, aggressive: Bool
  ) throws(ObjectsError) -> RepackClosure {
    var closure = RepackClosure(marks.catalog, going: going)
    for scan in scans {
      if going.contains(scan.digest) {
        closure.take(scan.live, of: scan.digest)
      } else {
        try closure.require(whatNeeds: scan.file)
      }
    }
    // What is encoded anew needs the dictionary it will be encoded with, which an aggressive repack chooses.
    if !going.isEmpty, !aggressive,
      let dictionary = marks.packs.newestDictionary(in: marks.catalog).dictionary
    {
      try closure.require(dictionary.id)
    }
    return closure
  }

  /// The packs that go.
  private static func going(_ scans: [RepackScan], aggressive: Bool) -> Set<ObjectID> {
    var going: Set<ObjectID> = []
    var useful: [RepackScan] = []
    for scan in scans {
      if scan.liveCount > 0 {
        useful.append(scan)
      } else if !scan.isYoung {
        going.insert(scan.digest)
      }
    }
    if aggressive { return going.union(useful.map(\.digest)) }
    for scan in useful where !scan.isYoung && scan.deadBytes * garbageShare > scan.entryBytes {
      going.insert(scan.digest)
    }
    useful.sort { $0.liveCount != $1.liveCount ? $0.liveCount < $1.liveCount : $0.digest < $1.digest }
    return going.union(useful[..<split(useful.map(\.liveCount))].map(\.digest))
  }

  /// How many of the smallest packs are merged into one, given how many objects each has in ascending order; as
  /// `git repack --geometric=2` finds it.
  static func split(_ counts: [Int]) -> Int {
    var split = 0
    for position in stride(from: counts.count - 1, to: 0, by: -1)
    where counts[position] < 2 * counts[position - 1] {
      split = position + 1
      break
    }
    var total = counts[..<split].reduce(0, +)
    while split < counts.count, split > 0, counts[split] < 2 * total {
      total += counts[split]
      split += 1
    }
    return split
  }
}
