/// The one JSON reader of the project: strict, bounded, and exact about where a text goes wrong.
///
/// Accepts RFC 8259 in UTF-8 as narrowed by I-JSON (RFC 7493): no duplicate keys, no lone surrogates, no
/// integers that a 64-bit float cannot give back digit for digit; beyond that it refuses U+0000, a byte order
/// mark, and anything over its limits.
public enum JSON {
  /// Reads one value that fills the whole text, with white space allowed around it.
  public static func parse(
    _ text: UnsafeRawBufferPointer, limits: JSONLimits = .configuration
  ) throws(JSONFailure) -> JSONValue {
    do throws(ScanFailure) {
      guard text.count <= limits.textBytes else {
        throw ScanFailure(.textTooLong(limit: limits.textBytes), at: limits.textBytes)
      }
      guard let start = text.baseAddress else { throw ScanFailure(.emptyText, at: 0) }
      let bytes = start.assumingMemoryBound(to: UInt8.self)
      var reader = ValueReader(ByteScanner(bytes, from: 0, to: text.count, limits: limits))
      return try reader.document()
    } catch {
      throw error.located(in: text)
    }
  }

  /// Reads one value that fills the whole text, with white space allowed around it.
  public static func parse(
    _ text: [UInt8], limits: JSONLimits = .configuration
  ) throws(JSONFailure) -> JSONValue {
    // `withUnsafeBytes` does not carry typed errors, so the outcome travels as a value.
    try text.withUnsafeBytes { buffer in
      Result { () throws(JSONFailure) in try parse(buffer, limits: limits) }
    }.get()
  }
}
