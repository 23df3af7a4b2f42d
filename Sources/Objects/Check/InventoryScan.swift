import Records
import Synchronization

/// The making of an inventory: every pack window by window, then the entries that need others to be read.
struct InventoryScan {
  private let fileSystem: any FileSystem
  private let threads: Int
  private let decoders = Pool<EntryDecoder>()
  private let hasher = SHA256()
  private(set) var packs: [ExaminedPack] = []
  private(set) var strangers: [String] = []
  private(set) var objects: [StoredObject] = []
  private(set) var dictionaries: [ObjectID: CompressionDictionary] = [:]
  /// Entries that wait for a base or a dictionary.
  private var waiting: [Waiting] = []
  /// The highest number that an intact footer gives a dictionary.
  private var numbers: [ObjectID: UInt64] = [:]

  /// About how many bytes of a pack are looked at at once by one thread.
  private static let windowBytes = 4 << 20

  struct Waiting {
    let pack: Int
    let offset: Int
    let length: Int
    let prefix: UInt64
    /// 0 for an entry that waits for a dictionary.
    let depth: Int
  }

  init(directory: String, fileSystem: any FileSystem, threads: Int) throws(ObjectsError) {
    self.fileSystem = fileSystem
    self.threads = max(1, threads)
    for name in try fileSystem.list(directory).sorted() where !TemporaryName.matches(name) {
      let path = "\(directory)/\(name)"
      let status = try fileSystem.status(path)
      let digest = PackFormat.digest(fileName: name)
      guard let status, status.kind == .regular else {
        if status != nil { strangers.append(name) }
        continue
      }
      if digest != nil || Self.beginsAsPack(path, fileSystem) {
        packs.append(ExaminedPack(name: name, path: path, bytes: status.length, hasPackName: digest != nil))
      } else {
        strangers.append(name)
      }
    }
  }

  private static func beginsAsPack(_ path: String, _ fileSystem: any FileSystem) -> Bool {
    guard let file = try? fileSystem.open(path, .read) else { return false }
    defer { fileSystem.close(file) }
    var bytes = [UInt8](repeating: 0, count: PackFormat.magic.count)
    let count = try? bytes.withUnsafeMutableBytes { try fileSystem.read(file, into: $0, at: 0) }
    return count == bytes.count && bytes == PackFormat.magic
  }

  mutating func run(_ progress: @Sendable (Int, Int) -> Void) throws(ObjectsError) {
    let total = packs.reduce(0) { $0 + $1.bytes }
    var done = 0
    for number in packs.indices {
      do throws(ObjectsError) {
        try examine(number) { progress(done + $0, total) }
      } catch {
        packs[number].flaw = packs[number].flaw ?? (0, "\(error)")
      }
      done += packs[number].bytes
      progress(done, total)
    }
    objects.sort(by: Self.inOrder)
    try resolve()
  }

  private static func inOrder(_ left: StoredObject, _ right: StoredObject) -> Bool {
    left.id != right.id
      ? left.id < right.id : left.pack != right.pack ? left.pack < right.pack : left.offset < right.offset
  }

  // MARK: One pack

  private mutating func examine(_ number: Int, _ progress: (Int) -> Void) throws(ObjectsError) {
    let file = try fileSystem.open(packs[number].path, .read)
    defer { fileSystem.close(file) }
    let length = try fileSystem.status(file).length
    let layout: PackLayout
    do {
      let mapped = try fileSystem.map(file, length: length)
      layout = PackLayout(mapped.bytes, digest: PackFormat.digest(fileName: packs[number].name), hasher)
    }
    packs[number].isUnsupported = layout.isUnsupported
    packs[number].flaw = layout.flaw.map { ($0.offset, $0.reason) }
    packs[number].lost = layout.breaks.map {
      ExaminedPack.LostEntry(offset: $0, prefix: nil, reason: "no entry can be told here")
    }
    if let footer = layout.footer, footer.dictionaryNumber > 0 {
      packs[number].dictionary = footer.dictionary
      packs[number].dictionaryNumber = footer.dictionaryNumber
      numbers[footer.dictionary] = max(numbers[footer.dictionary] ?? 0, footer.dictionaryNumber)
    }
    guard !layout.isUnsupported else { return }
    objects.reserveCapacity(objects.count + layout.starts.count)
    hasher.begin()
    var hashed = 0
    var windows = Windows(layout, length: length, windowBytes: Self.windowBytes)
    while true {
      var round: [Window] = []
      while round.count < threads, let window = windows.next(pack: number) {
        try window.fill(file, fileSystem)
        round.append(window)
      }
      if round.isEmpty { break }
      try decode(round, contiguousFrom: hashed)
      for window in round {
        hashed = max(hashed, window.end)
        objects += window.found
        waiting += window.waiting
        packs[number].objects += window.found.count
        packs[number].lost += window.lost
      }
      progress(hashed)
    }
    try finishDigest(number, layout, file, from: hashed, length: length)
    packs[number].lost.sort { $0.offset < $1.offset }
  }

  /// Decodes windows on all threads while one of them hashes what they hold.
  private func decode(_ round: [Window], contiguousFrom start: Int) throws(ObjectsError) {
    let decoders = decoders
    let failure = Mutex<ObjectsError?>(nil)
    let hashing = HashedWindows(hasher: hasher, windows: round)
    func work(_ index: Int) {
      if index == 0 { return hashing.run(from: start) }
      do throws(ObjectsError) {
        try decoders.withElement(making: { () throws(ObjectsError) in try EntryDecoder() }) {
          (decoder) throws(ObjectsError) in round[index - 1].decode(decoder)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if threads == 1 || round.count == 1 && round[0].bytes.count < 1 << 16 {
      for index in 0...round.count { work(index) }
    } else {
      let share = UncheckedWork(run: work)
      Threads.run(round.count + 1) { share.run($0) }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Holds the file to the digest in its footer, when nothing else is wrong that would explain a difference.
  private mutating func finishDigest(
    _ number: Int, _ layout: PackLayout, _ file: OpenFile, from hashed: Int, length: Int
  ) throws(ObjectsError) {
    guard packs[number].flaw == nil, packs[number].lost.isEmpty, let footer = layout.footer else { return }
    var start = hashed
    let end = length - PackFormat.digestBytes
    var buffer = [UInt8](repeating: 0, count: min(Self.windowBytes, max(0, end - start)))
    while start < end {
      let count = min(buffer.count, end - start)
      try buffer.withUnsafeMutableBytesThrowing { (bytes) throws(ObjectsError) in
        try fileSystem.readAll(
          file, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]), at: start)
      }
      buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      start += count
    }
    if hasher.finish() != footer.packDigest {
      packs[number].alteration = "the contents do not match the digest that names it"
    }
  }

  // MARK: Entries that need others

  private mutating func resolve() throws(ObjectsError) {
    try loadDictionaries()
    var retrieval = try Retrieval(packs: packs, fileSystem: fileSystem, dictionaries: dictionaries)
    defer { retrieval.close() }
    var depth = 0
    while !waiting.isEmpty, depth <= PackFormat.depthLimit {
      let turn = waiting.filter { $0.depth == depth }
      waiting.removeAll { $0.depth == depth }
      depth += 1
      guard !turn.isEmpty else { continue }
      var found: [StoredObject] = []
      for entry in turn {
        do throws(Damage) {
          found.append(try resolve(entry, &retrieval))
          packs[entry.pack].objects += 1
        } catch {
          packs[entry.pack].lost.append(
            ExaminedPack.LostEntry(
              offset: entry.offset, prefix: entry.prefix == 0 ? nil : entry.prefix, reason: error.reason))
        }
      }
      objects += found
      objects.sort(by: Self.inOrder)
      // Packs whose dictionary was found by trial are read with it from here on.
      retrieval.close()
      retrieval = try Retrieval(packs: packs, fileSystem: fileSystem, dictionaries: dictionaries)
    }
    for number in packs.indices { packs[number].lost.sort { $0.offset < $1.offset } }
  }

  private mutating func loadDictionaries() throws(ObjectsError) {
    var retrieval = try Retrieval(packs: packs, fileSystem: fileSystem, dictionaries: [:])
    defer { retrieval.close() }
    for object in objects
    where object.kindCode == ObjectKind.dictionary.code && dictionaries[object.id] == nil {
      guard let bytes = try? retrieval.read(object.id, .dictionary, from: objects) else { continue }
      dictionaries[object.id] = try? CompressionDictionary(
        id: object.id, number: numbers[object.id] ?? 1, bytes: bytes)
    }
  }

  private mutating func resolve(
    _ entry: Waiting, _ retrieval: inout Retrieval
  ) throws(Damage) -> StoredObject {
    let place = StoredObject(
      .zero, .pair, depth: 0, offset: entry.offset, length: entry.length, pack: entry.pack)
    let bytes: [UInt8]
    do throws(ObjectsError) { bytes = try retrieval.entryBytes(place) } catch {
      throw Damage(offset: entry.offset, reason: "\(error)")
    }
    let kind = try bytes.withUnsafeBytesThrowing { (bytes) throws(Damage) in
      try PackEntry(bytes, at: 0, end: bytes.count).kind
    }
    // The footer names the dictionary; when it is lost, the one with which the bytes are what the index says.
    var candidates: [CompressionDictionary?] = [packs[entry.pack].dictionary.flatMap { dictionaries[$0] }]
    if packs[entry.pack].dictionary == nil, entry.depth == 0 {
      candidates = dictionaries.sorted { $0.key < $1.key }.map(\.value)
    }
    var flaw = Damage(offset: entry.offset, reason: "its dictionary cannot be read")
    for dictionary in candidates {
      do throws(Damage) {
        let (id, decoded) = try retrieval.decode(bytes, dictionary: dictionary, from: objects)
        guard entry.prefix == 0 ? kind.isPlausible(decoded) : id.word0 == entry.prefix else {
          throw Damage(offset: entry.offset, reason: "its bytes have the id \(id.hex)")
        }
        if packs[entry.pack].dictionary == nil, entry.depth == 0, let dictionary {
          packs[entry.pack].dictionary = dictionary.id
          packs[entry.pack].dictionaryNumber = dictionary.number
        }
        return StoredObject(
          id, kind, depth: entry.depth, offset: entry.offset, length: entry.length, pack: entry.pack)
      } catch {
        flaw = error
      }
    }
    throw flaw
  }
}

/// Lends a closure to the threads of one `concurrentPerform`, which ends before the closure does.
private struct UncheckedWork: @unchecked Sendable {
  let run: (Int) -> Void
}

/// Hashes windows that follow one another in a file.
private struct HashedWindows {
  let hasher: SHA256
  let windows: [Window]

  func run(from start: Int) {
    var done = start
    for window in windows {
      // Windows of a damaged pack may leave gaps; then its digest is not compared.
      let skip = max(0, done - window.start)
      if skip < window.bytes.count {
        window.bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[skip...])) }
      }
      done = max(done, window.end)
    }
  }
}

extension ObjectKind {
  /// Whether bytes that no index vouches for may be an object of this kind.
  func isPlausible(_ bytes: some Collection<UInt8>) -> Bool {
    switch self {
    case .node, .dictionary: !bytes.isEmpty
    case .pair, .batch, .origins, .prompt, .seed, .run, .report, .reasons:
      bytes.first == UInt8(ascii: "{")
    }
  }
}

extension [UInt8] {
  /// `withUnsafeMutableBytes` for a body whose errors have a type.
  mutating func withUnsafeMutableBytesThrowing<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = withUnsafeMutableBytes { (buffer) -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
