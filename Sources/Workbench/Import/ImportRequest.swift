/// A file of pairs to read into a batch.
public struct ImportRequest: Sendable {
  /// A path, an `https://` address, or `-` for standard input.
  public var source: String
  /// What is known about where the rows came from.
  public var provenance: Provenance

  /// A request.
  public init(source: String, provenance: Provenance = Provenance()) {
    self.source = source
    self.provenance = provenance
  }

  /// How a file becomes a batch, and what its author knows about the rows. Paths are relative to the session's
  /// folder, those inside a recipe to the recipe.
  public struct Provenance: Sendable {
    /// The format's name; nil lets the content decide.
    public var format: String?
    /// Field of the pair → column that holds it.
    public var fields: [String: String] = [:]
    /// Question of provenance → column that answers it, row by row.
    public var columns: [String: String] = [:]
    /// The model that wrote the answers.
    public var teacher: String?
    /// Files with the prompts.
    public var prompts: [String] = []
    /// The file with the seed tasks.
    public var seedFile: String?
    /// The licence of the rows.
    public var license: String?
    /// A recipe file that says all of this.
    public var recipe: String?
    /// Where rejected rows go; nil stops the import at the first malformed row.
    public var rejects: String?
    /// The name recorded for the source.
    public var name: String?

    /// Nothing known.
    public init() {}
  }
}
