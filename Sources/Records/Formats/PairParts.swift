/// Where the texts of a pair are in its canonical bytes.
struct PairParts {
  var instruction = StringSpan(start: 0, end: 0, spelling: [])
  var input: StringSpan?
  var output = StringSpan(start: 0, end: 0, spelling: [])
  var system: StringSpan?
  var turns: [RowValues.Turn] = []

  /// Finds the texts. Returns false when the bytes are no canonical pair.
  mutating func read(_ pair: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = pair.baseAddress else { return false }
    var scanner = ByteScanner(base, from: 0, to: pair.count, limits: .configuration)
    input = nil
    system = nil
    turns.removeAll(keepingCapacity: true)
    do throws(ScanFailure) {
      if scanner.skip("{\"input\":") {
        input = try scanner.quoted()
        guard scanner.skip(",\"instruction\":") else { return false }
      } else {
        guard scanner.skip("{\"instruction\":") else { return false }
      }
      instruction = try scanner.quoted()
      guard scanner.skip(",\"kind\":\"pair\",\"output\":") else { return false }
      output = try scanner.quoted()
      if scanner.skip(",\"system\":") { system = try scanner.quoted() }
      if scanner.skip(",\"turns\":[") {
        repeat {
          guard scanner.skip("{\"content\":") else { return false }
          let content = try scanner.quoted()
          guard let speaker = scanner.speaker() else { return false }
          turns.append(RowValues.Turn(speaker: speaker, content: content))
        } while scanner.skip(",")
        guard scanner.skip("]") else { return false }
      }
      return scanner.skip(",\"v\":1}") && scanner.at == scanner.end
    } catch {
      return false
    }
  }
}

extension ByteScanner {
  /// Moves over this text if it is next, and says whether it was.
  @inline(__always)
  fileprivate mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - at >= count else { return false }
    for offset in 0..<count where base[at + offset] != text.utf8Start[offset] { return false }
    at += count
    return true
  }

  fileprivate mutating func quoted() throws(ScanFailure) -> StringSpan {
    guard byte == UInt8(ascii: "\"") else { throw missingValue() }
    return try string()
  }

  fileprivate mutating func speaker() -> RowValues.Speaker? {
    if skip(",\"role\":\"user\"}") { return .user }
    if skip(",\"role\":\"assistant\"}") { return .assistant }
    return skip(",\"role\":\"system\"}") ? .system : nil
  }
}
