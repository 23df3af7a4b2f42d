import History
import Objects
import Records

/// Understands ids as people write them in queries. A short form that names one thing is that thing; anything else is
/// only itself.
final class QueryIDs {
  private let workspace: Workspace
  private let failures: QueryFailures
  private var known: [QueryColumn.Kind: [[UInt8]: [UInt8]]] = [:]

  /// Short forms kept: a query has a few, a column of arbitrary text has many.
  private static let mostKept = 4_096

  init(_ workspace: Workspace, failures: QueryFailures) {
    self.workspace = workspace
    self.failures = failures
  }

  /// The rules for columns of ids. An id has one full form, and values are compared by it: so short forms are equal
  /// to what they name in every comparison, join and group. Records are ordered by batch and row.
  var collations: [QueryCollation] {
    [QueryColumn.Kind.record, .object, .commit].map { kind in
      QueryCollation(kind) { left, right in
        if Self.isFull(left, kind), Self.isFull(right, kind) { return Self.compare(left, right, kind) }
        return self.full([UInt8](left), kind).withUnsafeBytes { left in
          self.full([UInt8](right), kind).withUnsafeBytes { Self.compare(left, $0, kind) }
        }
      }
    }
  }

  /// The record a value names; nil when it names none.
  func record(_ value: QueryValue) -> RecordID? {
    value.name.flatMap { RecordID(String(decoding: full(Array($0.utf8), .record), as: UTF8.self)) }
  }

  /// The object a value names; nil when it names none.
  func object(_ value: QueryValue) -> ObjectID? {
    value.name.flatMap { ObjectID(hex: String(decoding: full(Array($0.utf8), .object), as: UTF8.self)) }
  }

  /// The commit a value names; nil when it names none.
  func commit(_ value: QueryValue) -> CommitID? {
    value.name.flatMap { CommitID(hex: String(decoding: full(Array($0.utf8), .commit), as: UTF8.self)) }
  }

  // MARK: Full forms

  private static func isFull(_ text: UnsafeRawBufferPointer, _ kind: QueryColumn.Kind) -> Bool {
    switch kind {
    case .record: text.count > recordDigits && text[recordDigits] == UInt8(ascii: ":")
    case .object: text.count == 2 * ObjectID.byteCount
    default: text.count == 2 * CommitID.byteCount
    }
  }

  private static let recordDigits = 2 * BatchPrefix.byteCount

  private func full(_ text: [UInt8], _ kind: QueryColumn.Kind) -> [UInt8] {
    if text.withUnsafeBytes({ Self.isFull($0, kind) }) { return text }
    if let found = known[kind]?[text] { return found }
    var found = text
    do {
      if let name = try look(up: String(decoding: text, as: UTF8.self), kind) { found = Array(name.utf8) }
    } catch {
      failures.note(error)
    }
    if known[kind]?.count ?? 0 >= Self.mostKept { known[kind] = nil }
    known[kind, default: [:]][text] = found
    return found
  }

  private func look(up text: String, _ kind: QueryColumn.Kind) throws -> String? {
    switch kind {
    case .record:
      let parts = text.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let row = UInt32(parts[1]), row > 0,
        String(row).utf8.elementsEqual(parts[1].utf8)
      else { return nil }
      return try only(String(parts[0]), [.batch]).map {
        RecordID(batch: BatchPrefix(of: $0), row: row).description
      }
    case .object: return try only(text, Set(ObjectKind.allCases))?.hex
    default:
      do {
        return try workspace.resolve(text).id.hex
      } catch let failure as Failure where failure.kind == .missing {
        return nil
      }
    }
  }

  /// The object that hex digits begin; nil when they begin none or are none.
  private func only(_ digits: String, _ kinds: Set<ObjectKind>) throws -> ObjectID? {
    guard digits.utf8.count >= 4 else { return nil }
    let matches = try workspace.store.matches(hexPrefix: digits, kinds: kinds)
    guard matches.count > 1 else { return matches.first?.id }
    let candidates = matches.prefix(5).map { $0.id.hex.prefix(digits.utf8.count + 4) }
    throw Failure(
      .missing, "`\(digits)` is the beginning of several ids",
      hint: "give more digits: \(candidates.joined(separator: ", "))")
  }

  /// Bytes in order; records of one batch by their row as a number: a longer one is larger, since rows have no
  /// leading zeros.
  private static func compare(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ kind: QueryColumn.Kind
  ) -> Int {
    if kind == .record, left.count != right.count, isFull(left, kind), isFull(right, kind),
      left[..<recordDigits].elementsEqual(right[..<recordDigits])
    {
      return left.count - right.count
    }
    if left.elementsEqual(right) { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }
}
