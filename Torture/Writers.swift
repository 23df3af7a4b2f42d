import Faults
import Foundation
import History
import Objects
import Records
import Workbench

/// Many processes commit to one repository, and some are killed.
struct Writers: Mode {
  let name = "writers"
  let summary = "processes that commit at once, mixed with kill -9: every acknowledged commit is there once"

  private struct Tally: Sendable {
    var acknowledged: [String] = []
    var unknown: [String] = []
    var waits = 0
    var failures: [String] = []
  }

  func run(_ plan: Plan) async throws -> Verdict {
    let (writers, commits) = plan.isShort ? (4, 12) : (8, 1_000)
    let laboratory = try Laboratory(folder: plan.folder + "/shared")
    _ = try InitRequest(folder: ".").run(in: laboratory.session())
    let folder = laboratory.folder
    let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
      for writer in 0..<writers {
        group.addTask {
          try Self.write(writer, commits, plan.binary, folder, seed: plan.seed &+ UInt64(writer))
        }
      }
      return try await group.reduce(into: Tally()) {
        $0.acknowledged += $1.acknowledged
        $0.unknown += $1.unknown
        $0.waits += $1.waits
        $0.failures += $1.failures
      }
    }
    var failures = tally.failures
    let log = try LogRequest().run(in: laboratory.session())
    let counts = Dictionary(log.map { ($0.message, 1) }, uniquingKeysWith: +)
    for message in tally.acknowledged where counts[message] != 1 {
      failures.append("`\(message)` was acknowledged and is there \(counts[message] ?? 0) times")
    }
    for (message, count) in counts where count > 1 { failures.append("`\(message)` is there \(count) times") }
    let records = log.first?.records ?? 0
    if records != log.count {
      failures.append("\(log.count) commits of one record each made \(records) records")
    }
    let repository = try Repository(path: folder + "/.mdata", fileSystem: POSIXFileSystem())
    do { try repository.operations.verify() } catch { failures.append("\(error)") }
    failures += repository.store.check().map { "\($0)" }
    if let git = Program.path(of: "git") {
      let check = try Program.run(
        git, ["--git-dir", ".mdata/history.git", "fsck", "--strict", "--no-dangling"], in: folder)
      if check.code != 0 || check.output.contains("error") { failures.append("git fsck: \(check.output)") }
    }
    return Verdict(
      counts:
        "\(tally.acknowledged.count) acknowledged commits of \(writers) processes at once, \(tally.unknown.count) killed, "
        + "\(tally.waits) refused after 5 s with the holder's name",
      failures: failures)
  }

  private static func write(
    _ writer: Int, _ commits: Int, _ binary: String, _ folder: String, seed: UInt64
  ) throws -> Tally {
    var generator = SplitMix64(seed: seed)
    var tally = Tally()
    for number in 0..<commits {
      let name = "w\(writer)-\(number)"
      try "{\"instruction\":\"\(name)\",\"output\":\"x\"}\n".write(
        toFile: folder + "/\(name).jsonl", atomically: false, encoding: .utf8)
      let arguments = ["commit", name + ".jsonl", "-m", name]
      if Int.random(in: 0..<10, using: &generator) == 0 {
        let (process, pipe) = try Program.start(binary, arguments, in: folder, second: number)
        usleep(UInt32.random(in: 0..<80_000, using: &generator))
        kill(process.processIdentifier, SIGKILL)
        _ = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 0 {
          tally.acknowledged.append(name)
        } else {
          tally.unknown.append(name)
        }
        continue
      }
      var attempts = 0
      while true {
        let result = try Program.run(binary, arguments, in: folder, second: number)
        if result.code == 0 {
          tally.acknowledged.append(name)
          break
        }
        attempts += 1
        guard result.code == 75, result.output.contains("process"), attempts < 100 else {
          tally.failures.append("\(name): exit \(result.code): \(result.output)")
          break
        }
        tally.waits += 1
      }
    }
    return tally
  }
}
