/// What the user says about a file to import.
public struct ImportOptions: Sendable {
  /// The format; nil to tell it from the content.
  public var format: Format?
  /// Columns under other names: from a role (`instruction`, `input`, `output`, `system`, `messages`) to the
  /// column that has it.
  public var fields: [String: String]
  /// Leaves out rows that are malformed and reports them, instead of stopping at the first.
  public var skipInvalid: Bool
  /// How large rows may be.
  public var limits: JSONLimits

  /// Options; by default everything is told from the content and the first malformed row stops the import.
  public init(
    format: Format? = nil, fields: [String: String] = [:], skipInvalid: Bool = false,
    limits: JSONLimits = .row
  ) {
    self.format = format
    self.fields = fields
    self.skipInvalid = skipInvalid
    self.limits = limits
  }
}
