import Curation
import History
import Objects
import Records

/// Reads items as a measure compares them; those of one reading can be compared with each other.
final class DedupReading {
  let measure: DedupMeasure
  /// What makes words of texts.
  let tokenizer: TokenizerName
  private let similarity: NGramSimilarity?
  private let threshold: Double?
  /// What numbers the words of sequences.
  private var encoder: TextEncoder

  init(_ measure: DedupMeasure) throws {
    self.measure = measure
    let (grams, sequences) = (try measure.similarity(), try measure.rougeL())
    tokenizer = grams?.1 ?? sequences?.tokenizer ?? .auto
    similarity = grams?.0
    threshold = sequences?.threshold
    encoder = TextEncoder(tokenizer)
  }

  func items(of source: PairSource, _ session: Session) throws -> DedupItems {
    if let similarity { return try byWords(source, similarity, session) }
    if let threshold { return try bySequences(source, threshold, session) }
    return try byKeys(source, session)
  }

  /// Sequences in the numbers of an index.
  func aligned(_ lists: TokenLists, with known: IndexedSequences) -> TokenLists {
    known.lists(lists, of: encoder)
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
    return DedupItems(entries: entries, compared: .keys(SortedKeys(keys), objects: objects))
  }

  private func byWords(
    _ source: PairSource, _ similarity: NGramSimilarity, _ session: Session
  ) throws -> DedupItems {
    let empty = Words(sets: GramSets(n: similarity.n))
    var (entries, words): ([TreeEntry], Words) = ([], empty)
    let fields = measure.orderedFields
    try source.readGroups(
      session, making: { [tokenizer] in WordReader(GramEncoder(tokenizer, n: similarity.n)) }, empty: empty,
      work: { reader, pair, words in
        try reader.read(pair, fields, into: &words.sets)
        words.digests.append(ByteDigest(of: pair.bytes))
      },
      take: { slice, found in
        entries += slice
        words.sets.append(contentsOf: found.sets)
        words.digests += found.digests
      })
    return DedupItems(
      entries: entries, compared: .words(words.sets, similarity, digests: words.digests))
  }
}

extension DedupReading {
  private func bySequences(
    _ source: PairSource, _ threshold: Double, _ session: Session
  ) throws -> DedupItems {
    var (entries, digests): ([TreeEntry], [ByteDigest]) = ([], [])
    var texts = TokenTexts()
    let fields = measure.orderedFields
    try source.read(
      session, work: { (ByteDigest(of: $0.bytes), try ComparedText(of: $0, fields: fields, groupBy: nil)) },
      take: { entry, found in
        if let entry { entries.append(entry) }
        digests.append(found.0)
        encoder.append(found.1, to: &texts)
      })
    return DedupItems(
      entries: entries, compared: .sequences(texts.lists, threshold: threshold, digests: digests))
  }
}

/// The words of some pairs.
private struct Words: Sendable {
  var sets: GramSets
  var digests: [ByteDigest] = []
}

/// What a thread reads words with.
final class WordReader {
  private let encoder: GramEncoder
  private var text: [UInt8] = []

  init(_ encoder: GramEncoder) { self.encoder = encoder }

  /// Adds the set of a pair's grams.
  func read(_ pair: ReadPair, _ fields: [PairField], into sets: inout GramSets) throws {
    text.removeAll(keepingCapacity: true)
    try pair.appendText(of: fields, to: &text)
    text.withUnsafeBufferPointer { encoder.append($0, to: &sets) }
  }
}
