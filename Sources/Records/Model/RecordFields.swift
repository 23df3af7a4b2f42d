/// A record taken apart: the fields of its pair and the columns it brought along, each value in its one canonical
/// spelling, so that values are equal when their bytes are.
public struct RecordFields: Sendable {
  /// The name of a field of the pair, or of a column. A column may have the name of a field.
  public struct Name: Hashable, Sendable {
    /// Whether it is a column.
    public let isColumn: Bool
    /// The name as UTF-8.
    public let text: [UInt8]

    /// The name of a field of the pair: `instruction`, `input`, `output`, `system` or `turns`.
    static func field(_ name: StaticString) -> Name {
      Name(isColumn: false, text: name.withUTF8Buffer(Array.init))
    }

    /// The name of a column.
    static func column(_ name: [UInt8]) -> Name { Name(isColumn: true, text: name) }

    static let instruction = field("instruction")
    static let input = field("input")
    /// The answer.
    public static let output = field("output")
    static let system = field("system")
    static let turns = field("turns")
  }

  /// The values as canonical JSON; an absent field has none.
  public private(set) var values: [Name: [UInt8]] = [:]
  /// Fields of which nobody can say what they were: two common ancestors of two versions have different values.
  public private(set) var disputed: Set<Name> = []

  /// Takes a record apart. Throws an ``ObjectFormatError`` when the bytes are no canonical pair.
  ///
  /// - Parameters:
  ///   - pair: the pair's canonical bytes.
  ///   - columns: names as UTF-8 and values as canonical JSON.
  public init(pair: [UInt8], columns: [(name: [UInt8], value: [UInt8])]) throws(ObjectFormatError) {
    let fields = try pair.withUnsafeBytes { bytes in
      Result { () throws(ObjectFormatError) in try PairFields(canonical: bytes) }
    }.get()
    func text(_ range: Range<Int>) -> [UInt8] { Array(pair[range.lowerBound - 1...range.upperBound]) }
    values[.instruction] = text(fields.instruction)
    values[.output] = text(fields.output)
    if let input = fields.input { values[.input] = text(input) }
    if let system = fields.system { values[.system] = text(system) }
    values[.turns] = pair.withUnsafeBytes { fields.turnsJSON(in: $0) }
    for (name, value) in columns { values[.column(name)] = value }
  }

  /// The canonical bytes of the pair.
  public var pair: [UInt8] {
    var bytes: [UInt8] = []
    func member(_ name: Name, _ key: StaticString) {
      guard let value = values[name] else { return }
      CanonicalText.append(key, to: &bytes)
      bytes += value
    }
    member(.input, "{\"input\":")
    member(.instruction, bytes.isEmpty ? "{\"instruction\":" : ",\"instruction\":")
    CanonicalText.append(",\"kind\":\"pair\"", to: &bytes)
    member(.output, ",\"output\":")
    member(.system, ",\"system\":")
    member(.turns, ",\"turns\":")
    CanonicalText.append(",\"v\":1}", to: &bytes)
    return bytes
  }

  /// The columns in RFC 8785's order of names.
  public var columns: [(name: [UInt8], value: [UInt8])] {
    values.filter(\.key.isColumn).sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) }
  }

  /// Whether this is known to be all of what the other is.
  public func isSame(as other: RecordFields) -> Bool {
    disputed.isEmpty && other.disputed.isEmpty && values == other.values
  }
}

extension RecordFields.Name: Comparable {
  /// The fields of the pair before the columns, columns in RFC 8785's order.
  public static func < (left: Self, right: Self) -> Bool {
    guard left.isColumn == right.isColumn else { return right.isColumn }
    return left.text.withUnsafeBytes { left in
      right.text.withUnsafeBytes { right in CanonicalText.precedes(left, right) }
    }
  }
}

/// Two changes of one record, put together field by field.
public struct FieldMerge: Sendable {
  /// The record with the changes of both sides; where they contradict each other, as our side has it.
  public private(set) var merged: RecordFields
  /// The fields that both sides changed, and not to the same.
  public private(set) var conflicts: [RecordFields.Name] = []

  /// - Parameter base: the record that both were changed from; nil when there is none.
  public init(base: RecordFields?, ours: RecordFields, theirs: RecordFields) {
    merged = ours
    for name in Set(ours.values.keys).union(theirs.values.keys).sorted() {
      let (left, right) = (ours.values[name], theirs.values[name])
      if left == right { continue }
      let before = base?.values[name]
      if let base, !base.disputed.contains(name), before == left {
        merged.set(name, to: right)
      } else if let base, !base.disputed.contains(name), before == right {
        continue
      } else {
        conflicts.append(name)
      }
    }
  }

  /// The outcome as something that others were changed from: what is in conflict is in dispute.
  public var base: RecordFields { merged.disputing(conflicts) }
}

extension RecordFields {
  fileprivate mutating func set(_ name: Name, to value: [UInt8]?) { values[name] = value }

  fileprivate func disputing(_ names: [Name]) -> RecordFields {
    var fields = self
    fields.disputed.formUnion(names)
    return fields
  }
}
