import Curation
import History
import Objects
import Records

/// The items among which duplicates are searched for, in their order: the records of a version, or the rows of a file.
struct DedupItems {
  /// The records; empty for a file.
  private(set) var entries: [TreeEntry] = []
  /// The id of each one's pair.
  private(set) var objects: [ObjectID] = []
  /// How they are compared.
  let compared: Compared

  /// What is compared of each item.
  enum Compared {
    /// A key that duplicates share.
    case keys(SortedKeys)
    case words(TokenLists)
  }

  /// How many there are.
  var count: Int { objects.count }

  /// Reads items that are compared by keys.
  init(of source: PairSource, _ measure: DedupMeasure, _ session: Session) throws {
    var (entries, objects, keys): ([TreeEntry], [ObjectID], [ObjectID]) = ([], [], [])
    if case .version(let commit, let workspace) = source {
      try VersionScan(commit, in: workspace).run(
        making: { try RecordReader($0) }, work: { reader, entry in try measure.key(of: entry, reader) },
        take: { entry, key in
          entries.append(entry)
          keys.append(key)
        })
      objects = entries.map(\.object)
    } else {
      try source.read(
        session,
        work: { pair in
          let object = ObjectID.hash(.pair, Array(pair.bytes))
          return (
            object, measure.isWholePair ? object : measure.key(of: try Pair(canonical: Array(pair.bytes)))
          )
        },
        take: { _, found in
          objects.append(found.0)
          keys.append(found.1)
        })
    }
    (self.entries, self.objects) = (entries, objects)
    compared = .keys(SortedKeys(keys))
  }

  /// Reads items that are compared by their words; those of several can be compared when they have the encoder in common.
  init(of source: PairSource, _ fields: [PairField], _ encoder: inout TextEncoder, _ session: Session) throws
  {
    var (entries, objects): ([TreeEntry], [ObjectID]) = ([], [])
    var texts = TokenTexts()
    try source.read(
      session,
      work: { pair in
        (ObjectID.hash(.pair, Array(pair.bytes)), try ComparedText(of: pair, fields: fields, groupBy: nil))
      },
      take: { entry, found in
        if let entry { entries.append(entry) }
        objects.append(entry?.object ?? found.0)
        encoder.append(found.1, to: &texts)
      })
    (self.entries, self.objects) = (entries, objects)
    compared = .words(texts.lists)
  }

  /// Where an item stands.
  func place(_ item: Int) -> ItemPlace { entries.isEmpty ? .row(item + 1) : .record(entries[item].key) }
}

/// Keys of items, and which share one.
struct SortedKeys {
  /// For each item its key.
  let keys: [ObjectID]
  /// Items in the order of their keys, and among equal keys in ascending order.
  private let sorted: [Int32]

  init(_ keys: [ObjectID]) {
    self.keys = keys
    sorted = (0..<Int32(keys.count)).sorted { one, other in
      let (left, right) = (keys[Int(one)], keys[Int(other)])
      return left != right ? left < right : one < other
    }
  }

  /// Items that share a key with others, group by group.
  var groups: [ArraySlice<Int32>] {
    var groups: [ArraySlice<Int32>] = []
    var start = 0
    for end in 1...max(1, sorted.count) {
      if end < sorted.count, keys[Int(sorted[end])] == keys[Int(sorted[start])] { continue }
      if end - start > 1, end <= sorted.count { groups.append(sorted[start..<end]) }
      start = end
    }
    return groups
  }

  /// The first item with a key.
  func first(with key: ObjectID) -> Int? {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[Int(sorted[middle])] < key { low = middle + 1 } else { high = middle }
    }
    guard low < sorted.count, keys[Int(sorted[low])] == key else { return nil }
    return Int(sorted[low])
  }
}
