import Curation
import History
import Objects
import Records

/// The items among which duplicates are searched for, in their order: the records of a version, or the rows of a file.
struct DedupItems {
  /// The records; empty for a file.
  let entries: [TreeEntry]
  /// The id of each one's pair.
  let objects: [ObjectID]
  /// How they are compared.
  let compared: Compared

  /// What is compared of each item.
  enum Compared {
    /// A key that duplicates share.
    case keys(SortedKeys)
    case words(TokenLists, NGramSimilarity)
  }

  /// How many there are.
  var count: Int { objects.count }

  /// Where an item stands.
  func place(_ item: Int) -> ItemPlace { entries.isEmpty ? .row(item + 1) : .record(entries[item].key) }

  /// Items that are duplicates of others', each with the most alike of those: the first.
  func matches(in known: DedupItems, _ session: Session) -> [(item: Int, twin: Int, score: Double)] {
    switch (compared, known.compared) {
    case (.keys(let keys), .keys(let others)):
      keys.keys.enumerated().compactMap { item, key in others.first(with: key).map { (item, $0, 1) } }
    case (.words(let lists, let similarity), .words(let others, _)):
      NGramMatches(lists, in: others, similarity: similarity, threads: session.threads).matches.map {
        ($0.item, $0.other, $0.score)
      }
    // One reading reads all of them in one way.
    case (.keys, .words), (.words, .keys): []
    }
  }
}

/// Reads items as a measure compares them; those of one reading can be compared with each other.
struct DedupReading {
  private let measure: DedupMeasure
  private let similarity: NGramSimilarity?
  private var encoder: TextEncoder

  init(_ measure: DedupMeasure) throws {
    self.measure = measure
    let near = try measure.similarity()
    similarity = near?.0
    encoder = TextEncoder(near?.1 ?? .auto)
  }

  mutating func items(of source: PairSource, _ session: Session) throws -> DedupItems {
    try similarity.map { try byWords(source, $0, session) } ?? byKeys(source, session)
  }

  private func byKeys(_ source: PairSource, _ session: Session) throws -> DedupItems {
    var (entries, objects, keys): ([TreeEntry], [ObjectID], [ObjectID]) = ([], [], [])
    // A version knows the ids of its pairs, which may be all that is compared.
    if case .version(let commit, let workspace) = source {
      try VersionScan(commit, in: workspace).run(
        making: { try RecordReader($0) },
        work: { [measure] reader, entry in try measure.key(of: entry, reader) },
        take: { entry, key in
          entries.append(entry)
          keys.append(key)
        })
      objects = entries.map(\.object)
    } else {
      try source.read(
        session,
        work: { [measure] pair in
          let bytes = Array(pair.bytes)
          let object = ObjectID.hash(.pair, bytes)
          return (object, measure.isWholePair ? object : measure.key(of: try Pair(canonical: bytes)))
        },
        take: { _, found in
          objects.append(found.0)
          keys.append(found.1)
        })
    }
    return DedupItems(entries: entries, objects: objects, compared: .keys(SortedKeys(keys)))
  }

  private mutating func byWords(
    _ source: PairSource, _ similarity: NGramSimilarity, _ session: Session
  ) throws -> DedupItems {
    var (entries, objects): ([TreeEntry], [ObjectID]) = ([], [])
    var texts = TokenTexts()
    let (fields, isFile) = (measure.orderedFields, source.workspace == nil)
    try source.read(
      session,
      work: { pair in
        (
          isFile ? ObjectID.hash(.pair, Array(pair.bytes)) : nil,
          try ComparedText(of: pair, fields: fields, groupBy: nil)
        )
      },
      take: { entry, found in
        if let entry { entries.append(entry) }
        if let object = entry?.object ?? found.0 { objects.append(object) }
        encoder.append(found.1, to: &texts)
      })
    return DedupItems(entries: entries, objects: objects, compared: .words(texts.lists, similarity))
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
