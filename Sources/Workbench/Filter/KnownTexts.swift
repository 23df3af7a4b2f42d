import Curation
import History
import Records

/// What items are compared with beside each other: the texts of files and versions.
///
/// Texts of a version come from its index where one can have them: it knows no groups, and one reading has one.
struct KnownTexts {
  private enum Source {
    case indexed(IndexedSequences)
    case read(TokenTexts, places: [ItemPlace])

    var count: Int {
      switch self {
      case .indexed(let version): version.pool.count
      case .read(let texts, _): texts.lists.count
      }
    }
  }

  private let fields: [PairField]
  private let facet: Facet?
  private let tokenizer: TokenizerName
  private var sources: [Source] = []

  init(_ fields: [PairField], _ facet: Facet?, _ tokenizer: TokenizerName) {
    self.fields = fields
    self.facet = facet
    self.tokenizer = tokenizer
  }

  mutating func add(_ other: NamedSource, _ encoder: inout TextEncoder, _ session: Session) throws {
    if case .version(let commit, let workspace) = other.source, facet == nil, index == nil {
      sources.append(.indexed(try IndexedSequences(commit, fields, tokenizer, in: workspace)))
      return
    }
    var texts = TokenTexts()
    var places: [ItemPlace] = []
    try other.source.read(
      session, work: { [fields, facet] in try ComparedText(of: $0, fields: fields, groupBy: facet) },
      take: { entry, text in
        encoder.append(text, to: &texts)
        places.append(entry.map { .record($0.key) } ?? .other(file: other.name, row: texts.lists.count))
      })
    sources.append(.read(texts, places: places))
  }

  mutating func add(_ pool: RepositoryPool, _ encoder: inout TextEncoder) throws {
    var texts = TokenTexts()
    var places: [ItemPlace] = []
    try pool.read(fields, groupBy: facet) { place, text in
      encoder.append(text, to: &texts)
      places.append(place)
    }
    sources.append(.read(texts, places: places))
  }

  private var index: IndexedSequences? {
    sources.lazy.compactMap { if case .indexed(let version) = $0 { version } else { nil } }.first
  }

  /// Numbers the tokens of all lists as the index does, if there is one: those read here, and others of the same encoder,
  /// which are returned.
  mutating func aligned(with lists: TokenLists, of encoder: TextEncoder) -> TokenLists {
    guard let index else { return lists }
    var all = lists
    for case .read(let texts, _) in sources {
      for item in 0..<texts.lists.count { all.append(texts.lists[item]) }
    }
    all = index.lists(all, of: encoder)
    var next = lists.count
    func take(_ count: Int) -> TokenLists {
      var taken = TokenLists()
      for item in next..<next + count { taken.append(all[item]) }
      next += count
      return taken
    }
    for place in sources.indices {
      guard case .read(var texts, let places) = sources[place] else { continue }
      texts.lists = take(texts.lists.count)
      sources[place] = .read(texts, places: places)
    }
    next = 0
    return take(lists.count)
  }

  /// In the order of the sources.
  func pools() throws -> [RougeLPool] {
    try sources.map { source in
      switch source {
      case .indexed(let version): version.pool
      case .read(let texts, _): try RougeLPool(texts.lists, groups: facet == nil ? nil : texts.groups)
      }
    }
  }

  /// Where a list stands, by its number over all sources.
  func place(_ number: Int) -> ItemPlace {
    var rest = number
    for source in sources {
      guard rest >= source.count else {
        switch source {
        case .indexed(let version): return .record(version.record(rest))
        case .read(_, let places): return places[rest]
        }
      }
      rest -= source.count
    }
    preconditionFailure("list \(number) is of no source")
  }
}
