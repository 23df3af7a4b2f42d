import Records

/// Where the entries of a pack file begin, found in its index or, when that cannot be trusted, by walking from entry
/// to entry: so that a pack which no reader can open any more still gives up what is intact in it.
struct PackLayout {
  /// An entry's place, and the first word of its id when an index says so.
  struct Start {
    let offset: Int
    let prefix: UInt64
  }

  /// In the order of the file.
  private(set) var starts: [Start] = []
  /// Whether the prefixes are an index's.
  private(set) var hasPrefixes = false
  /// Where the entries end, as far as is known.
  private(set) var end: Int
  /// The footer, when its own check holds.
  private(set) var footer: PackFooter?
  /// Why readers cannot use the pack, or not trust its index.
  private(set) var flaw: Damage?
  /// Places at which no entry can be told.
  private(set) var breaks: [Int] = []
  /// A later version of this program wrote it.
  private(set) var isUnsupported = false

  /// Examines a whole mapped file. `digest` is the one in the file's name, nil for a name that no pack has.
  init(_ file: UnsafeRawBufferPointer, digest: ObjectID?, _ hasher: SHA256) {
    end = file.count
    guard file.count >= PackFormat.header.count else {
      flaw = Damage(offset: file.count, reason: file.isEmpty ? "it is empty" : "it is cut off")
      return
    }
    if !file.starts(with: PackFormat.magic) {
      flaw = Damage(offset: 0, reason: "it does not begin as a pack does")
    } else if file[PackFormat.magic.count] != PackFormat.version {
      // A flipped version byte leaves a footer that this version can read; a later format need not.
      isUnsupported = (try? PackFooter(of: file, hasher)) == nil
      flaw = Damage(
        offset: PackFormat.magic.count, reason: "its pack format is \(file[PackFormat.magic.count])")
      if isUnsupported { return }
    }
    do throws(Damage) {
      let footer = try PackFooter(of: file, hasher)
      self.footer = footer
      end = footer.indexOffset
      if flaw == nil, footer.packDigest != digest {
        flaw = Damage(
          offset: file.count - PackFormat.digestBytes, reason: "its name is not its digest's")
      }
      hasher.begin()
      hasher.update(UnsafeRawBufferPointer(rebasing: file[end..<(file.count - PackFooter.byteCount)]))
      if hasher.finish() == footer.indexDigest {
        read(index: file, at: end, count: footer.count)
        if starts.allSatisfy({ $0.offset >= PackFormat.header.count && $0.offset < end }) { return }
      }
      flaw = flaw ?? Damage(offset: end, reason: "the index does not match its digest")
    } catch {
      if file.count < PackFormat.header.count + PackFooter.byteCount {
        flaw = flaw ?? Damage(offset: file.count, reason: "it is cut off")
      } else {
        flaw = flaw ?? error
      }
    }
    walk(file)
  }

  /// Reads an index, in the order of the offsets.
  private mutating func read(index file: UnsafeRawBufferPointer, at index: Int, count: Int) {
    let width = PackFormat.offsetBytes(index)
    var found: [Start] = []
    found.reserveCapacity(count)
    for position in 0..<count {
      let prefix = file.loadUnaligned(
        fromByteOffset: index + position * PackFormat.prefixBytes, as: UInt64.self)
      let place = index + count * PackFormat.prefixBytes + position * width
      var offset = 0
      for byte in file[place..<place + width] { offset = offset << 8 | Int(byte) }
      let start = Start(offset: offset, prefix: UInt64(bigEndian: prefix))
      if let last = found.last,
        last.prefix > start.prefix || last.prefix == start.prefix && last.offset >= start.offset
      {
        flaw = flaw ?? Damage(offset: index, reason: "the index is not in order")
      }
      found.append(start)
    }
    found.sort { $0.offset < $1.offset }
    starts = found
    hasPrefixes = true
  }

  /// Finds the entries one by one. Without a footer the index begins where it would fill the rest of the file exactly
  /// and names just the entries found.
  private mutating func walk(_ file: UnsafeRawBufferPointer) {
    var known = footer.map { index(of: file, at: $0.indexOffset, count: $0.count).starts }
    let limit = footer?.indexOffset ?? file.count
    var offset = PackFormat.header.count
    var found: [Start] = []
    while offset < limit {
      if footer == nil, !found.isEmpty,
        indexLength(found.count, at: offset) == file.count - PackFooter.byteCount - offset
      {
        let trial = index(of: file, at: offset, count: found.count)
        if trial.flaw == nil, trial.starts.map(\.offset) == found.map(\.offset) {
          known = trial.starts
          break
        }
      }
      do throws(Damage) {
        let entry = try PackEntry(file, at: offset, end: limit)
        found.append(Start(offset: offset, prefix: 0))
        offset = entry.end
      } catch {
        // Without a footer the walk ends in what was the index.
        if footer != nil { breaks.append(offset) }
        guard let next = known?.first(where: { $0.offset > offset && $0.offset < limit }) else { break }
        offset = next.offset
      }
    }
    end = min(offset, limit)
    // The prefixes of an index that agrees with the walk prove what is found; of another nothing is believed.
    hasPrefixes = known?.map(\.offset) == found.map(\.offset)
    starts = hasPrefixes ? known ?? [] : found
  }

  private func index(of file: UnsafeRawBufferPointer, at offset: Int, count: Int) -> PackLayout {
    var copy = self
    copy.flaw = nil
    copy.read(index: file, at: offset, count: count)
    return copy
  }

  private func indexLength(_ count: Int, at offset: Int) -> Int {
    count * (PackFormat.prefixBytes + PackFormat.offsetBytes(offset))
  }
}
