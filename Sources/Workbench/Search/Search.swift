import History
import Records

/// Asks which records of a version have words.
public struct SearchRequest: Sendable {
  /// What is looked for, as ``History/SearchExpression`` reads it.
  public var words: String
  /// A branch, tag or commit.
  public var revision: String
  /// The field to look in; nil for all.
  public var field: String?
  /// At most this many pairs.
  public var limit: Int

  /// Earlier versions that are looked at for one that was searched already.
  private static let nearCommits = 64

  /// A request.
  public init(_ words: String, revision: String = "HEAD", field: String? = nil, limit: Int = 20) {
    self.words = words
    self.revision = revision
    self.field = field
    self.limit = limit
  }

  /// - Parameters:
  ///   - notice: told what a user should know of the search index.
  ///   - progress: told how many of how many records were read, while the search index is built.
  /// - Throws: ``Failure``.
  public func run(
    in session: Session, notice: (String) -> Void = { _ in }, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> SearchResult {
    try Failure.wrapping {
      guard (1...10_000).contains(limit) else {
        throw Failure(.usage, "`--limit \(limit)` is not between 1 and 10,000")
      }
      let expression = try expression()
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let search = workspace.repository.search()
      let snapshot = commit.dataset.snapshot
      try search.catchUp(
        to: snapshot,
        near: {
          try workspace.repository.log(from: [commit.id], limit: Self.nearCommits).map(\.dataset.snapshot)
        }, progress: { progress($0, commit.dataset.records) })
      let found = try search.hits(expression, in: snapshot, limit: limit + 1)
      for text in search.notices { notice(text) }
      return SearchResult(
        commit: try workspace.summary(commit),
        hits: try found.prefix(limit).map { try hit($0, workspace) }, isMore: found.count > limit)
    }
  }

  private func expression() throws -> SearchExpression {
    var wanted: SearchField?
    if let field {
      guard let known = SearchField(rawValue: field) else {
        let names = SearchField.allCases.map(\.rawValue)
        let near = Suggestion.closest(to: field, among: names).map { "did you mean `\($0)`?" }
        throw Failure(
          .usage, "`\(field)` is not a field of a pair",
          hint: near ?? "the fields are \(names.joined(separator: ", "))")
      }
      wanted = known
    }
    do throws(SearchExpression.Malformed) {
      return try SearchExpression(words, field: wanted)
    } catch {
      throw Failure(
        .usage, "`\(words)` cannot be looked for: \(error)",
        hint:
          "words are joined by AND, OR and NOT; a phrase stands in double quotes, the beginning of a word before *"
      )
    }
  }

  private func hit(_ hit: SearchHit, _ workspace: Workspace) throws -> SearchResult.Hit {
    SearchResult.Hit(
      pair: hit.pair.hex, records: hit.records.map(\.description),
      short: try hit.records.map(workspace.short),
      snippets: hit.snippets.map { snippet in
        SearchResult.Snippet(
          field: snippet.field.rawValue, pieces: snippet.pieces.map { ($0.text, $0.isMatch) })
      })
  }
}

/// What a search found.
public struct SearchResult: Sendable {
  /// A part of a field around what was found.
  public struct Snippet: Sendable {
    /// The field.
    public var field: String
    /// Its pieces in order.
    public var pieces: [(text: String, isMatch: Bool)]
  }

  /// A pair that was found.
  public struct Hit: Sendable {
    /// Its id.
    public var pair: String
    /// The records of the version that have it, ids in full, in order.
    public var records: [String]
    /// The same, with the shortest unique prefixes.
    public var short: [String]
    /// Where it was found.
    public var snippets: [Snippet]
  }

  /// The version.
  public var commit: CommitSummary
  /// The best first.
  public var hits: [Hit]
  /// Whether there are more than were asked for.
  public var isMore: Bool
}
