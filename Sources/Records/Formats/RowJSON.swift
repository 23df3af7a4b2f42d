/// A record as one JSON object, put together from canonical bytes without reading what they say.
public enum RowJSON {
  /// Appends `{"columns":{…},"input"?,"instruction","output","system"?,"turns"?}` in canonical form: the fields of the
  /// pair, and the columns in a member of their own, so that no name of a column can hide a field.
  ///
  /// - Parameters:
  ///   - pair: a pair's canonical bytes.
  ///   - columns: names as UTF-8 in RFC 8785's order, with values as canonical JSON.
  /// - Returns: false, with nothing appended, when the bytes are no canonical pair.
  public static func append(
    pair: [UInt8], columns: [(name: [UInt8], value: [UInt8])], to output: inout [UInt8]
  ) -> Bool {
    pair.withUnsafeBufferPointer { buffer in
      var parts = PairParts()
      guard parts.read(buffer) else { return false }
      CanonicalText.append("{\"columns\":{", to: &output)
      for (position, column) in columns.enumerated() {
        if position > 0 { output.append(UInt8(ascii: ",")) }
        column.name.withUnsafeBytes { CanonicalText.appendString($0, to: &output) }
        output.append(UInt8(ascii: ":"))
        output.append(contentsOf: column.value)
      }
      CanonicalText.append("},", to: &output)
      // The pair's own bytes less its kind and version, whose places its form fixes.
      let instructionEnd = parts.instruction.start + parts.instruction.count + 1
      output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[1..<instructionEnd]))
      let outputStart = instructionEnd + kind.utf8CodeUnitCount
      output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[outputStart..<buffer.count - 7]))
      output.append(UInt8(ascii: "}"))
      return true
    }
  }

  private static let kind: StaticString = ",\"kind\":\"pair\""
}
