import Objects
public import Records

/// An operation in the log.
public struct LoggedOperation: Equatable, Sendable {
  /// Its place in the log, from 1.
  public let sequence: Int
  /// The SHA-256 digest of its file: the operation's id.
  public let digest: ContentDigest
  /// The operation.
  public let operation: Operation
}

/// The append-only log of what verbs changed: one file an operation, each naming the one before by digest.
public struct OperationLog: Sendable {
  let folder: String
  let fileSystem: any FileSystem

  /// The largest operation file that is read, in bytes.
  static let longestFile = 16 << 20

  /// The newest operation, or nil.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func latest() throws -> LoggedOperation? { try newestName().map { try read($0) } }

  /// The newest operations first, at most `limit`. Each is checked against its name and against the operation
  /// after it.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func list(limit: Int? = nil) throws -> [LoggedOperation] {
    var found: [LoggedOperation] = []
    for name in try names().reversed().prefix(limit ?? .max) {
      let operation = try read(name)
      if let next = found.last {
        guard next.sequence == operation.sequence + 1, next.operation.parent == operation.digest else {
          throw HistoryError.damaged(path: path(name), "the operation after it follows another one")
        }
      }
      found.append(operation)
    }
    if let first = found.last, found.count < limit ?? .max {
      guard first.sequence == 1, first.operation.parent == nil else {
        throw HistoryError.damaged(
          path: folder, "the operations before number \(first.sequence) are missing")
      }
    }
    return found
  }

  /// Checks every operation and the chain they form.
  public func verify() throws { _ = try list() }

  /// The operations after `sequence`, oldest first, each checked against its name; nil when the digest of that one does
  /// not begin so, because it was dropped as interrupted and another took its number.
  func list(after sequence: Int, ifItBegins start: String) throws -> [LoggedOperation]? {
    var names = try names(from: sequence)
    if sequence > 0 {
      guard names.first == FileName(sequence: sequence, start: start) else { return nil }
      names.removeFirst()
    }
    return try names.map { try read($0) }
  }

  /// Which operations are undone at this moment, and the number of the one whose outcome the repository shows (0 for
  /// its beginning).
  public func line() throws -> (undone: Set<Int>, position: Int) {
    let sequence = try sequence()
    guard sequence.count > 0 else { return ([], 0) }
    return (try sequence.undone(among: 1...sequence.count), try sequence.position())
  }

  /// The operations there are at this moment, each read when it is asked for.
  func sequence() throws -> OperationSequence {
    let names = try names()
    guard names.first?.sequence ?? 1 == 1, names.last?.sequence ?? 0 == names.count else {
      throw HistoryError.damaged(path: folder, "operations are missing among its numbers")
    }
    return OperationSequence(count: names.count) { try read(names[$0 - 1]) }
  }

  /// The beginning of an operation's digest, as its file's name has it, or nil when there is no such operation.
  func digestStart(of sequence: Int) throws -> String? {
    try names(from: sequence).first { $0.sequence == sequence }?.start
  }

  /// Number and beginning of the digest of the newest operation, as its file's name has them.
  func newest() throws -> (sequence: Int, start: String)? {
    try newestName().map { ($0.sequence, $0.start) }
  }

  /// Writes the operation that follows `latest`. Durable when it returns.
  func append(_ operation: Operation, after latest: LoggedOperation?) throws -> LoggedOperation {
    let bytes = operation.canonicalBytes
    let digest = Self.digest(of: bytes)
    let name = FileName(sequence: (latest?.sequence ?? 0) + 1, start: String(digest.hex.prefix(16)))
    try fileSystem.replaceAtomically(path(name), with: bytes)
    return LoggedOperation(sequence: name.sequence, digest: digest, operation: operation)
  }

  /// Removes an operation of which nothing took effect.
  func remove(_ operation: LoggedOperation) throws {
    try fileSystem.remove(
      path(FileName(sequence: operation.sequence, start: String(operation.digest.hex.prefix(16)))))
    try fileSystem.synchronizeDirectory(folder)
  }
}

extension OperationLog {
  /// `0000000012-3fa9c1e2d4b5a697.json`
  struct FileName: Hashable {
    let sequence: Int
    let start: String

    var text: String { Self.digits(sequence) + "-\(start).json" }

    /// What the names of a number's files begin with.
    static func digits(_ sequence: Int) -> String {
      let digits = String(sequence)
      return String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits
    }

    init(sequence: Int, start: String) {
      self.sequence = sequence
      self.start = start
    }

    init?(_ text: String) {
      let bytes = Array(text.utf8)
      guard bytes.count == 32, bytes[10] == UInt8(ascii: "-"), bytes[27...].elementsEqual(".json".utf8),
        bytes[..<10].allSatisfy({ $0.isDigit }),
        bytes[11..<27].allSatisfy({ $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }),
        let sequence = Int(String(decoding: bytes[..<10], as: UTF8.self)), sequence > 0
      else { return nil }
      self.init(sequence: sequence, start: String(decoding: bytes[11..<27], as: UTF8.self))
    }
  }

  func path(_ name: FileName) -> String { folder + "/" + name.text }

  /// The name of the newest operation's file. Every command asks for it, so the others are not looked into.
  private func newestName() throws -> FileName? {
    var newest = ""
    for entry in try fileSystem.entries(folder)
    where newest < entry.name && !TemporaryName.matches(entry.name) {
      newest = entry.name
    }
    return try newest.isEmpty ? nil : parsed(newest)
  }

  private func parsed(_ text: String) throws -> FileName {
    guard let name = FileName(text) else {
      throw HistoryError.damaged(path: folder + "/" + text, "operations have other names")
    }
    return name
  }

  /// In order; of those with lower numbers than `first` nothing is asked.
  private func names(from first: Int = 0) throws -> [FileName] {
    var names: [FileName] = []
    let lowest = FileName.digits(first)
    for entry in try fileSystem.entries(folder)
    where lowest <= entry.name && !TemporaryName.matches(entry.name) {
      names.append(try parsed(entry.name))
    }
    names.sort { $0.sequence < $1.sequence }
    for (name, next) in zip(names, names.dropFirst()) where name.sequence == next.sequence {
      throw HistoryError.damaged(path: path(next), "there is another operation with its number")
    }
    return names
  }

  func read(_ name: FileName) throws -> LoggedOperation {
    let bytes = try fileSystem.contents(of: path(name), limit: Self.longestFile)
    let digest = Self.digest(of: bytes)
    guard digest.hex.hasPrefix(name.start) else {
      throw HistoryError.damaged(path: path(name), "its digest is not the one in its name")
    }
    do throws(ObjectFormatError) {
      return LoggedOperation(
        sequence: name.sequence, digest: digest, operation: try Operation(parsing: bytes))
    } catch {
      throw HistoryError.damaged(path: path(name), error.description)
    }
  }

  private static func digest(of bytes: [UInt8]) -> ContentDigest {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish())
  }
}
