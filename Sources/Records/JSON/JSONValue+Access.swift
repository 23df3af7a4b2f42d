extension JSONValue {
  /// The value of an object's member with this name, compared as UTF-8 bytes; nil when this is no object or
  /// has no such member. Looks at the members one by one.
  public subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(key.utf8) }?.value
  }

  /// True for `null`.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The text of a string, or nil.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The elements of an array, or nil.
  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object in the order they were written, or nil.
  public var object: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The value of a number, or nil.
  public var double: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// The value of a number that is a whole number an `Int` can hold, or nil.
  public var int: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  /// The value of `true` or `false`, or nil.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

extension JSONValue {
  /// A number of whole units.
  public static func integer(_ value: Int) -> JSONValue { .number(Double(value)) }
}
