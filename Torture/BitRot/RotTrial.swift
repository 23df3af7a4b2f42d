import GRDB
import Objects
import Workbench

/// What came of many mutations.
public struct RotTally: Sendable {
  /// Mutations that changed a file.
  public internal(set) var mutations = 0
  /// Of those, the ones that `fsck` called damage.
  public internal(set) var damage = 0
  /// Those it only remarked on: nothing was lost.
  public internal(set) var noticed = 0
  /// Those it said nothing of, by why that is right.
  public internal(set) var meaningless: [String: Int] = [:]
  /// Findings that name the very file.
  public internal(set) var named = 0
  /// Readings that gave other data, by why that cannot be helped.
  public internal(set) var excused: [String: Int] = [:]
  /// Those it should have found: the first of them.
  public internal(set) var missed: [String] = []
  /// Readings that gave other data than was written: the first of them.
  public internal(set) var altered: [String] = []
  /// By kind of file.
  public internal(set) var kinds: [RotKind: Int] = [:]

  /// Nothing yet.
  public init() {}

  /// Whether every mutation was found and none was read.
  public var isClean: Bool { missed.isEmpty && altered.isEmpty }

  /// Adds what another found.
  public mutating func add(_ other: RotTally) {
    mutations += other.mutations
    damage += other.damage
    noticed += other.noticed
    named += other.named
    meaningless.merge(other.meaningless, uniquingKeysWith: +)
    excused.merge(other.excused, uniquingKeysWith: +)
    kinds.merge(other.kinds, uniquingKeysWith: +)
    missed += other.missed
    altered += other.altered
  }
}

/// Damages a sample again and again: `fsck` must find each damage, and no reading may give altered data.
public struct RotTrial {
  private let sample: RotSample
  private var plan: RotPlan
  private let before: [RotKind: RotReadings]
  private let dumps: [RotKind: String]
  private var tally = RotTally()

  /// A trial of a sample; equal seeds give equal mutations.
  public init(_ sample: RotSample, seed: UInt64) {
    self.sample = sample
    plan = RotPlan(sample.files, seed: seed)
    var before: [RotKind: RotReadings] = [:]
    var dumps: [RotKind: String] = [:]
    for kind in [RotKind.wal, .index] {
      sample.restore(for: kind)
      dumps[kind] = SQLiteDump.text(sample.folder + "/.mdata/index.sqlite")
      sample.restore(for: kind)
      before[kind] = RotReadings(sample)
    }
    sample.restore(for: .index)
    self.before = before
    self.dumps = dumps
  }

  /// Makes a number of mutations. Returns what came of all so far.
  public mutating func run(_ count: Int) -> RotTally {
    for _ in 0..<count { step() }
    return tally
  }

  private mutating func step() {
    let (number, mutation) = plan.next()
    let file = sample.files[number]
    sample.restore(for: file.kind)
    guard apply(mutation, to: file) else { return }
    tally.mutations += 1
    tally.kinds[file.kind, default: 0] += 1
    let name = "\(file.path): \(mutation)"
    judgeCheck(file, mutation, name)
    // `fsck` changes nothing but what SQLite does to its own files when it reads them.
    if file.kind == .index || file.kind == .wal {
      sample.restore(for: file.kind)
      _ = apply(mutation, to: file)
    }
    judgeReadings(file, mutation, name)
  }

  /// Returns false when the mutation changes nothing.
  private func apply(_ mutation: RotMutation, to file: RotFile) -> Bool {
    var bytes = file.bytes
    switch mutation {
    case .flip(let byte, let mask):
      guard mask != 0 else { return false }
      bytes[byte] ^= mask
    case .truncate(let length): bytes = Array(bytes[..<length])
    case .zero(let range):
      guard bytes[range].contains(where: { $0 != 0 }) else { return false }
      for byte in range { bytes[byte] = 0 }
    case .append: bytes.append(UInt8(ascii: "x"))
    case .delete:
      sample.removeFile(file.path)
      return true
    case .duplicate:
      sample.overwrite(Self.copyName(file), bytes)
      return true
    case .swap(let other):
      let second = sample.files[other]
      sample.overwrite(file.path, second.bytes)
      sample.overwrite(second.path, file.bytes)
      return true
    }
    sample.overwrite(file.path, bytes)
    return true
  }

  /// Another name that a file of the kind could have.
  private static func copyName(_ file: RotFile) -> String {
    let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
    let name = file.path.dropFirst(folder.utf8.count)
    switch file.kind {
    case .operation: return folder + "0000000099" + name.dropFirst(10)
    case .pack, .gitObject, .stagingPairs:
      let first = name.first == "0" ? "1" : "0"
      return folder + first + name.dropFirst()
    default: return file.path + "2"
    }
  }

  // MARK: fsck

  private mutating func judgeCheck(_ file: RotFile, _ mutation: RotMutation, _ name: String) {
    let result: FsckResult
    do {
      result = try FsckRequest().run(in: sample.session)
    } catch {
      tally.missed.append("\(name): fsck failed: \(error)")
      return
    }
    if result.isIntact && result.findings.isEmpty {
      if let reason = meaningless(file, mutation) {
        tally.meaningless[reason, default: 0] += 1
      } else if tally.missed.count < 20 {
        tally.missed.append(name)
      }
      return
    }
    if result.isIntact { tally.noticed += 1 } else { tally.damage += 1 }
    let places = [file.path, Self.copyName(file)]
    if result.findings.contains(where: { finding in
      places.contains(finding.path) || file.kind == .wal && finding.path == ".mdata/index.sqlite"
    }) {
      tally.named += 1
    }
  }

  /// Why a mutation that `fsck` says nothing of carries no meaning; nil when it does.
  private func meaningless(_ file: RotFile, _ mutation: RotMutation) -> String? {
    switch file.kind {
    case .index, .wal:
      // The proof is another reader's: every table, row and definition is as it was.
      if case .duplicate = mutation { return nil }
      sample.restore(for: file.kind)
      _ = apply(mutation, to: file)
      if case .delete = mutation, file.kind == .index {
        return "an index that is not there is built when it is needed"
      }
      guard SQLiteDump.text(sample.folder + "/.mdata/index.sqlite") == dumps[file.kind] else { return nil }
      return "bytes of SQLite that hold no row (unused space, counters, superseded pages)"
    case .gitObject:
      guard mutation.isRot, let damaged = try? sample.read(file.path),
        let found = Zlib.inflate(damaged, limit: 1 << 20),
        let whole = Zlib.inflate(file.bytes, limit: 1 << 20)
      else { return nil }
      return found.isWhole && found.bytes == whole.bytes ? "padding bits of a deflate stream" : nil
    case .pin:
      if case .delete = mutation { return "a lock file that is not there pins nothing" }
      if case .duplicate = mutation { return "a copy of a lock file under another name pins nothing" }
      return nil
    case .configuration, .head:
      if case .duplicate = mutation { return "a file that git has no use for" }
      return nil
    default: return nil
    }
  }

  // MARK: Reading

  private mutating func judgeReadings(_ file: RotFile, _ mutation: RotMutation, _ name: String) {
    guard let before = before[file.kind == .wal ? .wal : .index] else { return }
    for reading in RotReadings(sample).altered(from: before) {
      if let excuse = excuse(file, mutation, reading) {
        tally.excused[excuse, default: 0] += 1
      } else if tally.altered.count < 20 {
        tally.altered.append("\(name): \(reading)")
      }
    }
  }

  /// What only `fsck` can see, because the file is a whole and valid one, or none, where it may be either.
  private func excuse(_ file: RotFile, _ mutation: RotMutation, _ reading: String) -> String? {
    guard !mutation.isRot else { return nil }
    switch (file.kind, mutation) {
    case (.reference, .swap): return "a branch or tag that was exchanged for another reads as the other"
    case (.reference, .delete), (.reference, .duplicate):
      return reading == "names" ? "a branch or tag whose file is gone or copied is listed so" : nil
    case (.stagingState, .delete):
      return reading == "status" ? "nothing is staged when there is no list of it" : nil
    case (.operation, .delete):
      return reading == "runs" || reading == "blame" ? "a run of a lost operation is not listed" : nil
    default: return nil
    }
  }
}

/// The content of a SQLite file, read by plain queries.
enum SQLiteDump {
  static func text(_ path: String) -> String? {
    var configuration = Configuration()
    configuration.readonly = true
    guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
    defer { try? queue.close() }
    return try? queue.read { database in
      guard try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"] else { return "damaged" }
      var lines: [String] = []
      for pragma in ["application_id", "user_version"] {
        lines.append("\(try Int.fetchOne(database, sql: "PRAGMA \(pragma)") ?? -1)")
      }
      let tables = try Row.fetchAll(
        database, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
      for table in tables {
        lines.append("\(table)")
        guard table["type"] == "table" else { continue }
        let name: String = table["name"]
        lines += try Row.fetchAll(database, sql: "SELECT * FROM \"\(name)\"").map { "\($0.databaseValues)" }
      }
      return lines.joined(separator: "\n")
    }
  }
}
