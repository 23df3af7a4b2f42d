import Records

/// Some entries of a pack that follow one another, with their bytes.
///
/// Filled on one thread, decoded on another, read again on the first: never by two that write at once.
final class Window: @unchecked Sendable {
  let pack: Int
  let start: Int
  let end: Int
  private let starts: [PackLayout.Start]
  private let hasPrefixes: Bool
  private(set) var bytes: [UInt8] = []
  private(set) var found: [StoredObject] = []
  private(set) var waiting: [InventoryScan.Waiting] = []
  private(set) var lost: [ExaminedPack.LostEntry] = []

  init(pack: Int, start: Int, end: Int, starts: [PackLayout.Start], hasPrefixes: Bool) {
    self.pack = pack
    self.start = start
    self.end = end
    self.starts = starts
    self.hasPrefixes = hasPrefixes
  }

  func fill(_ file: OpenFile, _ fileSystem: any FileSystem) throws(ObjectsError) {
    bytes = [UInt8](repeating: 0, count: end - start)
    try bytes.withUnsafeMutableBytesThrowing { (buffer) throws(ObjectsError) in
      try fileSystem.readAll(file, into: buffer, at: start)
    }
  }

  func decode(_ decoder: EntryDecoder) {
    found.reserveCapacity(starts.count)
    bytes.withUnsafeBytes { buffer in
      for (position, entryStart) in starts.enumerated() {
        let next = position + 1 < starts.count ? starts[position + 1].offset : end
        do throws(Damage) {
          try decode(entryStart, next: next, buffer, decoder)
        } catch {
          lost.append(
            ExaminedPack.LostEntry(
              offset: entryStart.offset, prefix: hasPrefixes ? entryStart.prefix : nil, reason: error.reason))
        }
      }
    }
  }

  private func decode(
    _ entryStart: PackLayout.Start, next: Int, _ buffer: UnsafeRawBufferPointer, _ decoder: EntryDecoder
  ) throws(Damage) {
    let entry = try PackEntry(buffer, at: entryStart.offset - start, end: next - start)
    guard entry.end == next - start else {
      throw Damage(offset: entryStart.offset, reason: "it does not end where the next one begins")
    }
    let length = next - entryStart.offset
    guard entry.encoding == .raw || entry.encoding == .zstd else {
      guard entry.encoding == .delta || entry.kind != .dictionary else {
        throw Damage(offset: entryStart.offset, reason: "a dictionary needs one")
      }
      waiting.append(
        InventoryScan.Waiting(
          pack: pack, offset: entryStart.offset, length: length, prefix: hasPrefixes ? entryStart.prefix : 0,
          depth: entry.depth))
      return
    }
    let (id, decoded) = try decoder.decode(entry, .none)
    guard hasPrefixes ? id.word0 == entryStart.prefix : entry.kind.isPlausible(decoded) else {
      throw Damage(offset: entryStart.offset, reason: "its bytes have the id \(id.hex)")
    }
    found.append(
      StoredObject(id, entry.kind, depth: 0, offset: entryStart.offset, length: length, pack: pack))
  }
}

/// Cuts a pack's entries into windows.
struct Windows {
  private let layout: PackLayout
  private let length: Int
  private let windowBytes: Int
  private var position = 0
  private var hasBegun = false

  init(_ layout: PackLayout, length: Int, windowBytes: Int) {
    self.layout = layout
    self.length = length
    self.windowBytes = windowBytes
  }

  /// The next window: the first begins at the file's first byte, so that all of them together can be hashed.
  mutating func next(pack: Int) -> Window? {
    let starts = layout.starts
    guard position < starts.count else { return nil }
    let first = position
    let begin = hasBegun ? starts[first].offset : 0
    hasBegun = true
    var end = begin
    while position < starts.count, end - begin < windowBytes {
      position += 1
      end = position < starts.count ? starts[position].offset : layout.end
    }
    return Window(
      pack: pack, start: begin, end: max(begin, min(end, length)), starts: Array(starts[first..<position]),
      hasPrefixes: layout.hasPrefixes)
  }
}
