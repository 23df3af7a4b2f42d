/// One import, generation run or edit: what all of its rows have in common.
///
/// A batch names its rows' pairs by one digest and their origins by chunk. Nothing in it depends on when or where
/// it was made (clock, host, path, parent commit): the same file imported twice is the same batch.
public struct Batch: Sendable {
  /// How the rows came to be.
  public enum Origin: String, Sendable, CaseIterable {
    /// Rows of a file, or of a generation run.
    case imported
    /// New states of records that other batches brought.
    case edited
  }

  /// The file the rows were read from.
  public struct Source: Hashable, Sendable {
    /// The file's name without its folders.
    public var name: String
    /// How many bytes the decompressed file has.
    public var bytes: Int
    /// The digest of the decompressed bytes.
    public var sha256: ContentDigest

    /// A source file.
    public init(name: String, bytes: Int, sha256: ContentDigest) {
      self.name = name
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// A seed or prompt object under the name that rows call it by.
  public struct NamedObject: Hashable, Sendable {
    /// The seed's id or the prompt's name.
    public var name: String
    /// The object.
    public var object: ObjectID

    /// A named object.
    public init(name: String, object: ObjectID) {
      self.name = name
      self.object = object
    }
  }

  /// How many rows an origins chunk has, but for the last.
  public static let standardChunk = 512

  /// How the rows came to be.
  public var origin: Origin
  /// How many rows there are.
  public var rows: Int
  /// The digest of the rows' 32-byte pair ids, one after another.
  public var pairs: ContentDigest
  /// How many rows each origins chunk has, but for the last.
  public var chunk: Int
  /// The origins chunks in row order.
  public var origins: [ObjectID]
  /// The file the rows were read from.
  public var source: Source?
  /// How the file was written, as the row formats describe it.
  public var layout: JSONValue?
  /// Which columns say the teacher, prompt, seeds, licence and scores of a row.
  public var mapping: ColumnMapping
  /// The model that answered, for rows whose mapped column does not say otherwise.
  public var teacher: String?
  /// The prompts that rows were made with.
  public var prompts: [NamedObject]
  /// The seed tasks that rows were made from.
  public var seeds: [NamedObject]
  /// The licence, an SPDX identifier or free text, for rows whose mapped column does not say otherwise.
  public var license: String?
  /// What a recipe file said, as JSON.
  public var recipe: JSONValue?
  /// How often each warning was given on import, by its name.
  public var warnings: [String: Int]

  /// A batch.
  public init(
    origin: Origin, rows: Int, pairs: ContentDigest, chunk: Int = Batch.standardChunk, origins: [ObjectID],
    source: Source? = nil, layout: JSONValue? = nil, mapping: ColumnMapping = ColumnMapping(),
    teacher: String? = nil, prompts: [NamedObject] = [], seeds: [NamedObject] = [], license: String? = nil,
    recipe: JSONValue? = nil, warnings: [String: Int] = [:]
  ) {
    self.origin = origin
    self.rows = rows
    self.pairs = pairs
    self.chunk = chunk
    self.origins = origins
    self.source = source
    self.layout = layout
    self.mapping = mapping
    self.teacher = teacher
    self.prompts = prompts
    self.seeds = seeds
    self.license = license
    self.recipe = recipe
    self.warnings = warnings
  }

  /// The origins chunk that holds a row and the row's offset in it, or nil when the batch has no such row.
  /// - Parameter row: the row's number, from 1.
  public func origins(ofRow row: Int) -> (chunk: ObjectID, offset: Int)? {
    guard row >= 1, row <= rows, chunk > 0 else { return nil }
    let index = (row - 1) / chunk
    return origins.indices.contains(index) ? (origins[index], (row - 1) % chunk) : nil
  }
}

extension Batch: Equatable {
  /// Batches are equal when their canonical bytes are.
  public static func == (left: Batch, right: Batch) -> Bool { left.canonicalBytes == right.canonicalBytes }
}
