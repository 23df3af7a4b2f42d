import Curation
import History
import Objects
public import Records

/// When two records are duplicates of each other.
public struct DedupMeasure: Sendable, Hashable {
  /// The ways to compare.
  public enum Way: String, Sendable, CaseIterable {
    /// Byte for byte.
    case exact
    /// In ``Curation/NormalForm``: case, spacing and encoding do not count.
    case normalised
  }

  /// How fields are compared.
  public var way: Way
  /// The fields that are compared.
  public var fields: Set<PairField>

  /// A measure; all fields unless some are named.
  public init(_ way: Way = .normalised, fields: Set<PairField> = Set(PairField.allCases)) {
    self.way = way
    self.fields = fields
  }

  /// A key that is equal for duplicates.
  func key(of entry: TreeEntry, _ reader: RecordReader) throws -> ObjectID {
    if isWholePair { return entry.object }
    let pair = try reader.pair(entry).only(fields)
    return ObjectID.hash(.pair, way == .exact ? pair.canonicalBytes : pair.normalised.canonicalBytes)
  }

  /// Whether the pair's own id is the key, so that nothing needs to be read.
  private var isWholePair: Bool { way == .exact && fields.count == PairField.allCases.count }

  /// The rule that two duplicates fall under.
  func rule(_ one: TreeEntry, _ other: TreeEntry) -> String {
    one.object == other.object ? Way.exact.rawValue : way.rawValue
  }
}

/// The records of a version in the order of the dataset, each with the key that its duplicates share.
struct KeyedRecords {
  /// In the order of the dataset: batch by batch, row by row.
  let entries: [TreeEntry]
  /// For each entry its key.
  let keys: [ObjectID]
  /// Positions in the order of their keys, and among equal keys in ascending order.
  private let sorted: [Int32]

  init(of commit: Commit, _ measure: DedupMeasure, in workspace: Workspace) throws {
    var (entries, keys): ([TreeEntry], [ObjectID]) = ([], [])
    try VersionScan(commit, in: workspace).run(
      making: { try RecordReader($0) }, work: { reader, entry in try measure.key(of: entry, reader) },
      take: { entry, key in
        entries.append(entry)
        keys.append(key)
      })
    (self.entries, self.keys) = (entries, keys)
    sorted = (0..<Int32(keys.count)).sorted { one, other in
      let (left, right) = (keys[Int(one)], keys[Int(other)])
      return left != right ? left < right : one < other
    }
  }

  /// Positions of records that share a key with others, group by group.
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

  /// The first record with a key.
  func first(with key: ObjectID) -> TreeEntry? {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[Int(sorted[middle])] < key { low = middle + 1 } else { high = middle }
    }
    guard low < sorted.count, keys[Int(sorted[low])] == key else { return nil }
    return entries[Int(sorted[low])]
  }
}
