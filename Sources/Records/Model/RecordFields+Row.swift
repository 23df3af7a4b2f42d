/// Why a row written by hand is no record.
public struct RowFormatError: Error, CustomStringConvertible, Equatable {
  /// What is wrong, with its place.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension RecordFields {
  /// Reads a row as one JSON object: `instruction` and `output`, with `input`, `system` and `turns`
  /// (`[{"role","content"}]`) where there are some, and the columns as an object in `columns`; the form in which
  /// differences and conflicts are printed.
  public init(row bytes: [UInt8]) throws(RowFormatError) {
    let row: JSONValue
    do throws(JSONFailure) { row = try JSON.parse(bytes) } catch { throw RowFormatError(error.description) }
    guard let members = row.object else { throw RowFormatError("the row is not a JSON object") }
    let known = ["instruction", "input", "output", "system", "turns", "columns"]
    if let stranger = members.first(where: { member in !known.contains { $0 == member.name } }) {
      throw RowFormatError("`\(stranger.name)` is not a field; columns belong into `columns`")
    }
    func text(_ name: String) throws(RowFormatError) -> String? {
      guard let value = row[name], !value.isNull else { return nil }
      guard let text = value.string else { throw RowFormatError("`\(name)` is not a string") }
      return text
    }
    guard let instruction = try text("instruction") else { throw RowFormatError("`instruction` is missing") }
    guard let output = try text("output") else { throw RowFormatError("`output` is missing") }
    let pair = Pair(
      instruction: instruction, input: try text("input"), output: output, system: try text("system"),
      turns: try Self.turns(row["turns"]))
    guard row["columns"] == nil || row["columns"]?.object != nil else {
      throw RowFormatError("`columns` is not an object")
    }
    let columns = (row["columns"]?.object ?? []).map { column in
      (name: Array(column.name.utf8), value: CanonicalJSON.encode(column.value))
    }
    do throws(ObjectFormatError) {
      try self.init(pair: pair.canonicalBytes, columns: columns)
    } catch {
      throw RowFormatError("\(error)")
    }
  }

  private static func turns(_ value: JSONValue?) throws(RowFormatError) -> [Pair.Turn] {
    guard let value, !value.isNull else { return [] }
    guard let items = value.array else { throw RowFormatError("`turns` is not a list") }
    var turns: [Pair.Turn] = []
    for (position, item) in items.enumerated() {
      guard let role = item["role"]?.string.flatMap({ Pair.Turn.Role(rawValue: $0) }),
        let content = item["content"]?.string, item.object?.count == 2
      else {
        throw RowFormatError(
          "turn \(position + 1) is not an object of `role` (user, assistant or system) and `content`")
      }
      turns.append(Pair.Turn(role: role, content: content))
    }
    return turns
  }

  /// The columns as one object in canonical JSON.
  public var columnsJSON: [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for (position, column) in columns.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      column.name.withUnsafeBytes { CanonicalText.appendString($0, to: &bytes) }
      bytes.append(UInt8(ascii: ":"))
      bytes += column.value
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}
