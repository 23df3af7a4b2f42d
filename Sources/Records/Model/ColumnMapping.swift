/// Which columns of a batch's rows say where a row came from.
public struct ColumnMapping: Sendable {
  /// What a column can say about a row.
  public enum Role: Sendable {
    /// The model that wrote the answer.
    case teacher
    /// The name of the prompt.
    case prompt
    /// The ids of the seed tasks.
    case seeds
    /// The licence.
    case license
    /// A quality score with this name.
    case score(String)

    /// Reads a role as it is written in a batch and on the command line: `teacher`, `prompt`, `seeds`,
    /// `license`, or `score.` and a name. Returns nil for anything else.
    public init?(_ text: String) {
      switch text {
      case "teacher": self = .teacher
      case "prompt": self = .prompt
      case "seeds": self = .seeds
      case "license": self = .license
      default:
        guard text.utf8.starts(with: "score.".utf8), text.utf8.count > 6 else { return nil }
        self = .score(String(decoding: text.utf8.dropFirst(6), as: UTF8.self))
      }
    }

    /// The written form.
    public var text: String {
      switch self {
      case .teacher: "teacher"
      case .prompt: "prompt"
      case .seeds: "seeds"
      case .license: "license"
      case .score(let name): "score.\(name)"
      }
    }
  }

  /// One role and the column that has it.
  public struct Entry: Sendable {
    /// What the column says.
    public let role: Role
    /// The column's name.
    public let column: String
  }

  /// The roles that have a column, in the order they were given.
  public private(set) var entries: [Entry] = []

  /// A mapping of no roles.
  public init() {}

  /// Whether no role has a column.
  public var isEmpty: Bool { entries.isEmpty }

  /// The column that has a role.
  public subscript(_ role: Role) -> String? {
    get { entries.first { $0.role == role }?.column }
    set {
      let position = entries.firstIndex { $0.role == role }
      switch (position, newValue) {
      case (let position?, let column?): entries[position] = Entry(role: role, column: column)
      case (let position?, nil): entries.remove(at: position)
      case (nil, let column?): entries.append(Entry(role: role, column: column))
      case (nil, nil): break
      }
    }
  }

  var json: JSONValue { .object(entries.map { JSONMember($0.role.text, .string($0.column)) }) }
}

extension ColumnMapping.Role: Hashable {
  /// Roles are equal when their written forms are, byte for byte.
  public static func == (left: ColumnMapping.Role, right: ColumnMapping.Role) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds the written form to a hasher.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
