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
  /// The name of its file.
  let name: OperationFileName

  init(_ operation: Operation, digest: ContentDigest, name: OperationFileName) {
    sequence = name.sequence
    self.digest = digest
    self.operation = operation
    self.name = name
  }
}

/// The append-only log of what verbs changed: one file an operation, each naming the one before by digest.
public struct OperationLog: Sendable {
  let folder: String
  let fileSystem: any FileSystem

  /// The largest operation file that is read, in bytes.
  static let longestFile = 16 << 20

  var files: OperationFiles { OperationFiles(folder: folder, fileSystem: fileSystem) }

  /// The newest operation, or nil.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func latest() throws -> LoggedOperation? { try files.newest().map { try read($0) } }

  /// The newest operations first, at most `limit`. Each is checked against its name and against the operation
  /// after it.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func list(limit: Int? = nil) throws -> [LoggedOperation] {
    var found: [LoggedOperation] = []
    for name in try newestNames(limit).reversed() {
      let operation = try read(name)
      if let next = found.last {
        guard next.sequence == operation.sequence + 1, next.operation.parent == operation.digest else {
          throw HistoryError.damaged(path: files.path(name), "the operation after it follows another one")
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

  /// The names of the newest files, at most `limit`, oldest first.
  private func newestNames(_ limit: Int?) throws -> [OperationFileName] {
    guard let limit else { return try files.names() }
    guard limit > 0, let newest = try files.newest()?.sequence else { return [] }
    return try files.names(from: max(0, newest - limit + 1), through: newest)
  }

  /// Checks every operation and the chain they form.
  public func verify() throws { _ = try list() }

  /// The operations after `sequence`, oldest first, each checked against its name; nil when the digest of that one does
  /// not begin so, because it was dropped as interrupted and another took its number.
  func list(after sequence: Int, ifItBegins start: String) throws -> [LoggedOperation]? {
    var names = try files.names(from: sequence)
    if sequence > 0 {
      guard let first = names.first, first.sequence == sequence, first.start == start else { return nil }
      names.removeFirst()
    }
    return try names.map { try read($0) }
  }

  /// All operations, oldest first, each checked against its name.
  func all() throws -> [LoggedOperation] { try files.names().map { try read($0) } }

  /// Which operations are undone at this moment, and the number of the one whose outcome the repository shows (0 for
  /// its beginning).
  public func line() throws -> (undone: Set<Int>, position: Int) {
    let sequence = try sequence()
    guard sequence.count > 0 else { return ([], 0) }
    return (try sequence.undone(among: 1...sequence.count), try sequence.position())
  }

  /// The operations there are at this moment, each looked for and read when it is asked for.
  func sequence() throws -> OperationSequence {
    var groups: [Int: [OperationFileName]] = [:]
    return OperationSequence(count: try files.newest()?.sequence ?? 0) { number in
      let size = OperationFileName.groupSize
      let group = number / size
      let names =
        try groups[group] ?? files.names(from: group * size, through: group * size + size - 1)
      groups[group] = names
      guard let name = names.first(where: { $0.sequence == number }) else {
        throw HistoryError.damaged(path: folder, "operation \(number) is missing")
      }
      return try read(name)
    }
  }

  /// The beginning of an operation's digest, as its file's name has it, or nil when there is no such operation.
  func digestStart(of sequence: Int) throws -> String? {
    try files.names(from: sequence, through: sequence).first?.start
  }

  /// Number and beginning of the digest of the newest operation, as its file's name has them.
  func newest() throws -> (sequence: Int, start: String)? {
    try files.newest().map { ($0.sequence, $0.start) }
  }

  /// Writes the operation that follows `latest`. Durable when it returns.
  func append(_ operation: Operation, after latest: LoggedOperation?) throws -> LoggedOperation {
    let bytes = operation.canonicalBytes
    let digest = Self.digest(of: bytes)
    let name = OperationFileName(
      sequence: (latest?.sequence ?? 0) + 1, start: String(digest.hex.prefix(16)))
    try files.write(name, bytes, after: latest?.name)
    return LoggedOperation(operation, digest: digest, name: name)
  }

  /// Removes an operation of which nothing took effect.
  func remove(_ operation: LoggedOperation) throws { try files.remove(operation.name) }
}

extension OperationLog {
  func read(_ name: OperationFileName) throws -> LoggedOperation {
    let bytes = try fileSystem.contents(of: files.path(name), limit: Self.longestFile)
    let digest = Self.digest(of: bytes)
    guard digest.hex.hasPrefix(name.start) else {
      throw HistoryError.damaged(path: files.path(name), "its digest is not the one in its name")
    }
    do throws(ObjectFormatError) {
      return LoggedOperation(try Operation(parsing: bytes), digest: digest, name: name)
    } catch {
      throw HistoryError.damaged(path: files.path(name), error.description)
    }
  }

  private static func digest(of bytes: [UInt8]) -> ContentDigest {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish())
  }
}
