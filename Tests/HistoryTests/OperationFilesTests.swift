import Faults
import Glibc
import Objects
import Records
import Synchronization
import Testing

@testable import History

/// Where the files of the operation log lie, at and around the hundreds where a folder begins.
@Suite struct OperationFilesTests {
  let folder: TemporaryFolder
  let repository: Repository
  let files = POSIXFileSystem()
  var log: OperationLog { repository.operations }

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
  }

  /// Appends operations that move nothing until there are `count`.
  private func fill(to count: Int) throws {
    var latest = try log.latest()
    while latest?.sequence ?? 0 < count { latest = try append(to: log, after: latest) }
  }

  @discardableResult
  private func append(to log: OperationLog, after latest: LoggedOperation?) throws -> LoggedOperation {
    try log.append(
      Operation(
        parent: latest?.digest, time: Timestamp(secondsSince1970: 1), verb: "tag",
        description: "\(latest?.sequence ?? 0)", before: [:], after: [:]),
      after: latest)
  }

  private func groups() throws -> [String] { try files.list(log.folder).sorted() }

  private func names(_ group: String) throws -> [String] { try files.list(log.folder + "/" + group).sorted() }

  private func check() -> FsckReport { Fsck.check(repository.path, fileSystem: files, threads: 1) }

  private func damage(_ report: FsckReport) -> [Finding] { report.findings.filter { $0.severity == .damage } }

  @Test func filesLieInFoldersOfAHundred() throws {
    try fill(to: 250)
    #expect(try groups() == ["00000000", "00000001", "00000002"])
    #expect(try ["00000000", "00000001", "00000002"].map { try names($0).count } == [99, 100, 51])
    #expect(try names("00000001").map { $0.prefix(11) } == (100...199).map { "0000000\($0)-" })
    #expect(try log.latest()?.sequence == 250)
    #expect(try log.list().map(\.sequence) == Array((1...250).reversed()))
    #expect(try log.list(limit: 120).map(\.sequence) == Array((131...250).reversed()))
    #expect(try log.list(limit: 300).count == 250)
    try log.verify()
    let sequence = try log.sequence()
    for number in [1, 99, 100, 101, 199, 200, 250] {
      let logged = try sequence.operation(number)
      #expect(logged.sequence == number)
      let start = try #require(try log.digestStart(of: number))
      #expect(logged.digest.hex.hasPrefix(start))
      #expect(
        try log.list(after: number, ifItBegins: start)?.map(\.sequence) == Array(number..<250).map { $0 + 1 })
      #expect(try log.list(after: number, ifItBegins: "0123456789abcdef") == nil)
    }
    #expect(try log.digestStart(of: 251) == nil)
  }

  /// What every verb asks: the number of names that are read does not follow the number of operations.
  @Test func theNewestIsFoundInOneFolder() throws {
    try fill(to: 250)
    let counting = CountingFileSystem()
    let newest = try OperationLog(folder: log.folder, fileSystem: counting).latest()
    #expect(newest?.sequence == 250)
    #expect(counting.calls == ["list": 2, "open": 1, "examine": 1, "read": 1])
    #expect(counting.listed == 3 + 51)
  }

  @Test func emptyFoldersAreNothing() throws {
    try fill(to: 99)
    for group in ["00000001", "00000007"] { try files.createDirectory(log.folder + "/" + group) }
    #expect(try log.latest()?.sequence == 99)
    try log.verify()
    try files.writeLeftover(log.folder + "/00000007/0000000700-0123456789abcdef.json.tmp0")
    #expect(try log.latest()?.sequence == 99)
    #expect(try log.files.newestGroupFolders().map { $0.suffix(8) } == ["00000007", "00000001", "00000000"])
    try repository.recover()
    #expect(try names("00000007") == [])
    let hundredth = try append(to: log, after: log.latest())
    #expect(try names("00000001").count == 1)
    #expect(try log.latest() == hundredth)
    try log.remove(hundredth)
    #expect(try log.latest()?.sequence == 99)
    #expect(damage(check()).isEmpty)
  }

  /// Each call of writing the operations 99 to 101 fails in turn, once or from then on.
  @Test(arguments: [98, 99, 100]) func aFailedAppendLeavesTheLogAsBeforeOrAfter(count: Int) throws {
    try fill(to: count)
    let before = try #require(try log.latest())
    for staysBroken in [false, true] {
      var failing = 1
      while true {
        let faulty = FaultyFileSystem(failing: failing, code: EIO, staysBroken: staysBroken)
        let appended = try? append(to: OperationLog(folder: log.folder, fileSystem: faulty), after: before)
        try log.verify()
        let latest = try #require(try log.latest())
        #expect(latest == before || latest.operation.parent == before.digest)
        if let appended { #expect(latest == appended) }
        try repository.recover()
        #expect(try log.latest() == latest)
        if latest != before { try log.remove(latest) }
        if latest == before || faulty.failed != nil {
          let next = try append(to: log, after: before)
          try log.verify()
          try log.remove(next)
        }
        // As it was before there was anything in the group.
        if count == 99 { try files.removeDirectory(log.folder + "/00000001") }
        guard faulty.failed != nil else { break }
        failing += 1
      }
      #expect(failing > 7)
    }
  }

  /// A folder's name, and the operation before, are durable before an operation in the folder is: in every state that
  /// a power cut leaves, the log is as before or as after.
  @Test(arguments: [0, 98, 99, 100]) func aPowerCutLeavesTheLogAsBeforeOrAfter(count: Int) throws {
    try fill(to: count)
    let before = try log.latest()
    let base = try Disk.image(of: repository.path)
    let recording = RecordingFileSystem(root: repository.path)
    let appended = try append(to: OperationLog(folder: log.folder, fileSystem: recording), after: before)
    let events = recording.events
    var disk = Disk(base)
    var generator = SystemRandomNumberGenerator()
    for position in 0...events.count {
      if position > 0 { disk.apply(events[position - 1]) }
      for luck in Disk.Luck.allCases {
        try Disk.write(disk.afterPowerCut(luck, using: &generator), to: repository.path)
        let latest = try log.latest()
        #expect(latest == appended || latest == before && position < events.count, "\(position) \(luck)")
        try log.verify()
        _ = try append(to: log, after: latest)
        try log.verify()
      }
    }
  }

  /// A verb that died between renaming the last file of a group and making its name durable: the first file of the next
  /// one is not durable before it.
  @Test func theFileBeforeIsDurableFirst() throws {
    try fill(to: 98)
    let base = try Disk.image(of: repository.path)
    let recording = RecordingFileSystem(root: repository.path)
    let recorded = OperationLog(folder: log.folder, fileSystem: recording)
    let last = try append(to: recorded, after: log.latest())
    var events = recording.events
    guard case .synchronizeDirectory("operations/00000000")? = events.popLast() else {
      Issue.record("an operation is not synchronized at the end")
      return
    }
    let first = recording.events.count
    let next = try append(to: recorded, after: last)
    events += recording.events[first...]
    var disk = Disk(base)
    events.forEach { disk.apply($0) }
    var generator = SystemRandomNumberGenerator()
    try Disk.write(disk.afterPowerCut(.nothing, using: &generator), to: repository.path)
    #expect(try log.latest() == next)
    try log.verify()
  }

  @Test func linksAndPipesInPlaceOfFoldersAreRefused() throws {
    try fill(to: 101)
    for (group, isNewest) in [("00000000", false), ("00000001", true)] {
      let path = log.folder + "/" + group
      let moved = folder.at("outside-" + group)
      try files.rename(path, to: moved)
      func check(_ kind: FileStatus.Kind) {
        let error = ObjectsError.notAFile(path: path, kind)
        #expect(throws: error) { try log.list() }
        #expect(throws: error) { try log.files.groupFolders() }
        if isNewest {
          #expect(throws: error) { try log.latest() }
          #expect(throws: error) { try repository.recover() }
        }
        let found = damage(self.check())
        #expect(
          found.contains {
            $0.path == ".mdata/operations/" + group && $0.message == "it is not a folder"
          })
      }
      #expect(symlink(moved, path) == 0)
      check(.symbolicLink)
      try files.remove(path)
      #expect(mkfifo(path, 0o644) == 0)
      check(.other)
      try files.remove(path)
      try files.replaceAtomically(path, with: [])
      check(.regular)
      try files.remove(path)
      try files.rename(moved, to: path)
      try log.verify()
    }
  }

  /// A log that is cut far back: what was behind the cut goes into quarantine, and no verb looks into its folders any more.
  @Test func aRepairTakesWholeGroupsAway() throws {
    try fill(to: 330)
    let group = log.folder + "/00000000/"
    let fiftieth = group + (try names("00000000")[49])
    try files.remove(fiftieth)
    let report = check()
    #expect(damage(report).map { $0.message.prefix(31) } == ["it does not follow operation 49"])
    var repair = Repair(
      report.plan, path: repository.path, fileSystem: files, time: Timestamp(secondsSince1970: 5))
    let done = try repair.perform().done
    #expect(
      Array(done.prefix(3))
        == (1...3).reversed().map {
          "put `.mdata/operations/0000000\($0)` into quarantine: the operation before it is lost"
        })
    #expect(try groups() == ["00000000"])
    #expect(try log.list().map(\.sequence) == Array((1...49).reversed()))
    #expect(try files.list(repository.path + "/quarantine/1/operations/00000002").count == 100)
    #expect(damage(check()).isEmpty)
  }

  /// What the first build of format 1 wrote, and a copy of it in the folder where it would lie now.
  @Test func aSecondCopyOfAnOperationIsDamage() throws {
    try fill(to: 5)
    let third = try names("00000000")[2]
    let bytes = try files.contents(of: log.folder + "/00000000/" + third, limit: 1 << 20)
    try files.replaceAtomically(log.folder + "/" + third, with: bytes)
    #expect(throws: HistoryError.self) { try log.verify() }
    let report = check()
    #expect(damage(report).map(\.message) == ["it is operation 3 once more"])
    var repair = Repair(
      report.plan, path: repository.path, fileSystem: files, time: Timestamp(secondsSince1970: 5))
    _ = try repair.perform()
    #expect(try log.list().count == 5)
    #expect(damage(check()).isEmpty)
  }
}

extension POSIXFileSystem {
  fileprivate func writeLeftover(_ path: String) throws {
    close(try open(path, .create(permissions: 0o644)))
  }
}

/// Counts calls by their names, and the names that were listed.
private final class CountingFileSystem: InterposingFileSystem {
  private let state = Mutex((calls: [String: Int](), listed: 0))
  var calls: [String: Int] { state.withLock { $0.calls } }
  var listed: Int { state.withLock { $0.listed } }

  func before(_ call: String, _ path: String) { state.withLock { $0.calls[call, default: 0] += 1 } }

  func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    before("list", path)
    let entries = try real.entries(path)
    state.withLock { $0.listed += entries.count }
    return entries
  }
}
