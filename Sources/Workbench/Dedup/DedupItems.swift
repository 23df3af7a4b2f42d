import Curation
import History
import Objects
import Records

/// The items among which duplicates are searched for, in their order: the records of a version, or the rows of a file.
struct DedupItems {
  /// The records; empty for a file.
  let entries: [TreeEntry]
  /// How they are compared.
  let compared: Compared

  /// What is compared of each item.
  enum Compared {
    /// A key that duplicates share, and the id of the pair.
    case keys(SortedKeys, objects: [ObjectID])
    /// The words, and a digest of the pair.
    case words(GramSets, NGramSimilarity, digests: [ByteDigest])
    /// The sequences of words, the same numbers for the same words in all that one reading reads.
    case sequences(TokenLists, threshold: Double, digests: [ByteDigest])
  }

  /// How many there are.
  var count: Int {
    switch compared {
    case .keys(_, let objects): objects.count
    case .words(let sets, _, _): sets.count
    case .sequences(let lists, _, _): lists.count
    }
  }

  /// Where an item stands.
  func place(_ item: Int) -> ItemPlace { entries.isEmpty ? .row(item + 1) : .record(entries[item].key) }

  /// Whether an item's pair is that of another, byte for byte. One reading reads both.
  func isSame(_ item: Int, as twin: Int, of others: DedupItems) -> Bool {
    switch (compared, others.compared) {
    case (.keys(_, let objects), .keys(_, let known)): objects[item] == known[twin]
    case (.words(_, _, let digests), .words(_, _, let known)),
      (.sequences(_, _, let digests), .sequences(_, _, let known)):
      digests[item] == known[twin]
    // One reading reads all of them in one way.
    default: false
    }
  }
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
