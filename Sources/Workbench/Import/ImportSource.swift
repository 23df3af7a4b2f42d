import HTTP
import Objects
import Records

/// Where rows come from: a file, standard input or an address; decompressed, counted and hashed on the way.
final class ImportSource {
  /// What the batch records and errors name: the file's name without its folder.
  let name: String
  private let source: DecompressingSource
  private let hasher = SHA256()
  private var count = 0
  /// Keeps a downloaded file until it is read; it never gets a name.
  private let download: AtomicFile?

  /// - Parameters:
  ///   - written: a path, an address, or `-`.
  ///   - name: the name to record; needed for standard input.
  ///   - folder: where a download may be kept for a while.
  /// - Throws: ``Failure``.
  init(_ written: String, name: String?, session: Session, folder: String) throws {
    hasher.begin()
    if written == "-" {
      guard let name else {
        throw Failure(.usage, "standard input has no name to record", hint: "give it one with `--name FILE`")
      }
      self.name = Session.baseName(name)
      let file = InputFile(descriptor: session.standardInput, named: name)
      source = try DecompressingSource(name: name, reading: file.read)
      download = nil
    } else if written.contains("://") {
      let address = written.prefix { $0 != "?" && $0 != "#" }
      self.name = Session.baseName(name ?? String(address))
      let file = try AtomicFile(in: folder, stem: "download", fileSystem: session.fileSystem)
      try Download().fetch(written) { try file.append($0) }
      var offset = 0
      source = try DecompressingSource(name: self.name) { buffer in
        let size = min(buffer.count, file.length - offset)
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<size]), at: offset)
        offset += size
        return size
      }
      download = file
    } else {
      self.name = Session.baseName(name ?? written)
      let file = try InputFile(session.path(written))
      source = try DecompressingSource(name: self.name, reading: file.read)
      download = nil
    }
  }

  /// Fills a part of the buffer with decompressed bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let size = try source.read(into: buffer)
    count += size
    hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
    return size
  }

  /// What the batch says about the source; called once, at its end.
  func description() -> Batch.Source {
    Batch.Source(name: name, bytes: count, sha256: ContentDigest(hasher.finish()))
  }

  /// What to do about a malformed row of an import.
  static let importHint =
    "correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`"

  /// Runs what reads rows, with the source's name on what it throws.
  ///
  /// - Parameter hint: what to do about a malformed row.
  func placing<Result>(hint: String = importHint, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch ImportFailure.malformed(let row) {
      throw failure(row, hint: hint)
    } catch let error as ImportFailure {
      throw Failure(.data, "\(name): \(error)")
    }
  }

  /// A malformed row, with its place.
  func failure(_ row: RejectedRow, hint: String = importHint) -> Failure {
    Failure(
      .data, "\(name):\(row.line):\(row.column): \(row.reason) (byte \(row.byte))",
      causes: row.text.isEmpty ? [] : ["the row is: \(row.text)"],
      hint: hint)
  }
}
