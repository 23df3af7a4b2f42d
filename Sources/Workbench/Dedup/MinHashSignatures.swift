import Curation
import History
public import Records

/// Writes a MinHash signature of every item to a file, for programs that look for near-duplicates in their own way. Decides
/// nothing, and makes no version.
public struct MinHashRequest: Sendable {
  /// A file, or any version.
  public var revision: String
  /// The fields whose words count.
  public var fields: Set<PairField>
  /// Words in a gram.
  public var ngram: Int
  /// Numbers in a signature.
  public var permutations: Int
  /// How texts become words: `rouge`, `unicode` or `auto`.
  public var tokenizer: String
  /// The file that gets a line an item.
  public var output: String

  /// A request.
  public init(
    revision: String = "HEAD", fields: Set<PairField> = Set(PairField.allCases), ngram: Int = 3,
    permutations: Int = 128, tokenizer: String = "auto", output: String
  ) {
    self.revision = revision
    self.fields = fields
    self.ngram = ngram
    self.permutations = permutations
    self.tokenizer = tokenizer
    self.output = output
  }

  /// Writes the file: for each item, in their order, an object with `row`, of a version `record`, and `minhash`, which is null
  /// for an item without words.
  ///
  /// - Throws: ``Failure``; then the file is as it was.
  public func run(in session: Session) throws -> MinHashResult {
    try Failure.wrapping {
      let tokenizer = try TokenizerName.named(tokenizer)
      let minHash = try minHash()
      let source = try PairSource(revision, in: session)
      let file = try ExportFile(session.path(output), fileSystem: session.fileSystem)
      let fields = PairField.allCases.filter(fields.contains)
      var result = MinHashResult(
        file: output, from: try source.summaries(nil).from, fields: fields, ngram: ngram,
        permutations: permutations, tokenizer: tokenizer.version)
      try source.read(
        session,
        work: { pair in
          try pair.text(of: fields).withUnsafeBufferPointer { minHash.signature(of: $0, tokenizer) }
        },
        take: { entry, signature in
          result.records += 1
          if signature == nil { result.wordless += 1 }
          var members = [JSONMember("row", .integer(result.records))]
          if let entry {
            members.append(JSONMember("record", try ItemPlace.record(entry.key).json(source.workspace)))
          }
          members.append(
            JSONMember("minhash", signature.map { .array($0.map { .integer(Int($0)) }) } ?? .null))
          try file.write(line: .object(members))
        })
      try file.commit()
      return result
    }
  }

  /// - Throws: ``Failure`` of kind `usage`.
  private func minHash() throws -> MinHash {
    do throws(NearDuplicateError) {
      return try MinHash(n: ngram, permutations: permutations)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }
}

/// What was written.
public struct MinHashResult: Sendable {
  /// The file, as asked for.
  public var file: String
  /// The version; nil for a file.
  public var from: CommitSummary?
  /// The fields whose words count, in the order of a pair.
  public var fields: [PairField]
  public var ngram: Int
  public var permutations: Int
  /// Name and versions of the tokenizer.
  public var tokenizer: String
  /// Items.
  public var records = 0
  /// Those without words, which have no signature.
  public var wordless = 0
}
