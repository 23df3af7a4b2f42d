/// How a file spells its rows: what is needed to write the same pairs and columns as the same bytes again.
///
/// Inferred from the first rows of an import and stored once in the batch. A row that it does not reproduce
/// keeps its own bytes (`verbatim` in its origin).
public struct Layout: Sendable, Equatable {
  /// The format.
  public var format: Format
  /// The bytes before the first row: a byte order mark, an array's bracket, a CSV header line.
  public var prefix: [UInt8]
  /// The bytes between rows.
  public var separator: [UInt8]
  /// The bytes after the last row: the final line end, an array's closing bracket.
  public var suffix: [UInt8]
  /// The columns in their order.
  public var fields: [Field]
  /// For JSON formats: the white space and escapes of a row.
  public var style: JSONStyle
  /// For conversations: the names inside a message.
  public var messages: MessageNames
  /// For CSV and TSV: the dialect, as the CSV reader stores it.
  public var dialect: JSONValue?

  /// One column of a row.
  public struct Field: Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// The part of the pair it holds; nil for a column that is kept in the origin.
    public var role: FieldRole?
    /// True when a row whose pair lacks this part has the column all the same, as an empty string.
    public var isEmptyWhenAbsent: Bool

    /// A column.
    public init(_ name: String, role: FieldRole? = nil, isEmptyWhenAbsent: Bool = false) {
      self.name = name
      self.role = role
      self.isEmptyWhenAbsent = isEmptyWhenAbsent
    }

    /// Fields are equal when their names are the same bytes, with the same meaning.
    public static func == (left: Field, right: Field) -> Bool {
      left.name.utf8.elementsEqual(right.name.utf8) && left.role == right.role
        && left.isEmptyWhenAbsent == right.isEmptyWhenAbsent
    }
  }

  /// A layout from its parts.
  public init(
    format: Format, prefix: [UInt8] = [], separator: [UInt8], suffix: [UInt8], fields: [Field],
    style: JSONStyle = .compact, messages: MessageNames = .openAI, dialect: JSONValue? = nil
  ) {
    self.format = format
    self.prefix = prefix
    self.separator = separator
    self.suffix = suffix
    self.fields = fields
    self.style = style
    self.messages = messages
    self.dialect = dialect
  }
}

/// What the members of a message are called.
public struct MessageNames: Sendable, Equatable {
  /// The member that says who speaks.
  public var role: String
  /// The member that says what.
  public var content: String
  /// True when the role is written before the content.
  public var isRoleFirst: Bool
  /// What the user, the assistant and the system are called.
  public var user, assistant, system: String

  /// Names of one's own.
  public init(
    role: String, content: String, isRoleFirst: Bool = true, user: String, assistant: String,
    system: String = "system"
  ) {
    self.role = role
    self.content = content
    self.isRoleFirst = isRoleFirst
    self.user = user
    self.assistant = assistant
    self.system = system
  }

  /// `{"role":"user","content":…}` and `assistant`.
  public static let openAI = MessageNames(
    role: "role", content: "content", user: "user", assistant: "assistant")
  /// `{"from":"human","value":…}` and `gpt`.
  public static let shareGPT = MessageNames(role: "from", content: "value", user: "human", assistant: "gpt")
}
