import Faults
import Foundation
import Records

/// The process is killed, or its call fails, at every system call that changes something, the kernel's own: what the
/// file-system seam does not see (SQLite, libgit2, the training output) is hit as well.
struct Kills: Mode {
  let name = "kills"
  let summary = "SIGKILL and errors at every system call of the real binary (strace)"

  private static let killed = [
    "write,pwrite64", "fsync,fdatasync", "rename,renameat,renameat2", "unlink,unlinkat", "ftruncate",
    "mkdir,mkdirat,rmdir", "link,linkat", "openat", "flock",
  ]
  private static let failing = ["write,pwrite64", "fsync,fdatasync", "openat", "read,pread64"]
  private static let errors = ["ENOSPC", "EIO", "EMFILE", "EINTR", "EDQUOT"]

  func run(_ plan: Plan) async throws -> Verdict {
    guard let strace = Program.path(of: "strace") else {
      return Verdict(
        counts: "0 kills", skipped: ["strace is not installed: `./dev torture` installs it with apt"])
    }
    guard try Program.run(strace, ["-o", "/dev/null", "true"], in: plan.folder).code == 0 else {
      return Verdict(counts: "0 kills", skipped: ["strace may not trace processes here"])
    }
    let verbs = try await plan.forEachVerb { verb, laboratory, _ in
      try Self.torture(verb, strace, plan, laboratory)
    }
    let (kills, errors) = (verbs.map(\.kills).reduce(0, +), verbs.map(\.errors).reduce(0, +))
    return Verdict(
      counts: "\(kills) kills and \(errors) errors at the calls of \(verbs.count) verbs",
      failures: verbs.flatMap(\.failures))
  }

  /// What was done to one verb, and what came of it.
  private struct Tally {
    var kills = 0
    var errors = 0
    var failures: [String] = []
  }

  private static func torture(
    _ verb: Verb, _ strace: String, _ plan: Plan, _ laboratory: Laboratory
  ) throws -> Tally {
    var tally = Tally()
    guard !verb.arguments.isEmpty else { return tally }
    let base = try laboratory.base(for: verb)
    let before = try Observation(laboratory.session())
    let whole = try Program.run(plan.binary, verb.arguments, in: laboratory.folder, second: 10)
    let after = try Observation(laboratory.session())
    guard whole.code == 0 else {
      tally.failures.append("\(verb.name): without any fault it exits with \(whole.code): \(whole.output)")
      return tally
    }
    let known = before.contents.merging(after.contents) { $1 }
    var generator = SplitMix64(seed: plan.seed)
    let scene = Scene(
      verb: verb, base: base, allowed: [before, after], known: known, laboratory: laboratory, strace: strace,
      binary: plan.binary)
    for calls in Self.killed {
      for number in try scene.numbers(of: calls, every: plan.isShort ? 12 : 1, &generator) {
        let result = try scene.run(injecting: "signal=SIGKILL:when=\(number)", into: calls)
        tally.kills += 1
        if let fault = scene.fault(acknowledged: result.code == 0) {
          tally.failures.append("\(verb.name), killed at number \(number) of \(calls): \(fault)")
        }
      }
    }
    for calls in Self.failing {
      for error in Self.errors {
        for number in try scene.numbers(of: calls, every: plan.isShort ? 120 : 1, &generator) {
          let result = try scene.run(injecting: "error=\(error):when=\(number)", into: calls)
          tally.errors += 1
          let place = "\(verb.name), \(error) at number \(number) of \(calls)"
          // The Swift runtime finds the arguments by reading /proc/self/maps; without them every program prints help.
          let lostArguments = result.output.hasPrefix("OVERVIEW")
          // 70 is a defect of ours, and a signal worse than that. Before `main`, the loader has its own codes.
          if result.code < 0 || result.code == 70 {
            tally.failures.append("\(place): exit \(result.code): \(result.output)")
          }
          if let fault = scene.fault(acknowledged: result.code == 0 && !lostArguments) {
            tally.failures.append("\(place): \(fault)")
          }
        }
      }
    }
    return tally
  }
}

/// One verb on its stage, to be run under strace again and again.
private struct Scene {
  let verb: Verb
  let base: Disk.Image
  /// Before and after.
  let allowed: [Observation]
  let known: [String: String]
  let laboratory: Laboratory
  let strace: String
  let binary: String

  /// Which calls to hit, from 1: all that are made, or by chance one of `every` on average.
  func numbers(
    of calls: String, every: Int, _ generator: inout SplitMix64
  ) throws -> [Int] {
    try Disk.write(base, to: laboratory.folder)
    let log = laboratory.folder + ".calls"
    _ = try Program.run(
      strace, ["-f", "-qq", "-o", log, "-e", "trace=\(calls)", "-e", "signal=none", binary] + verb.arguments,
      in: laboratory.folder, second: 10)
    let text = try String(contentsOfFile: log, encoding: .utf8)
    let made = text.split(separator: "\n").count { !$0.contains(" resumed>") }
    guard made > 0 else { return [] }
    return (1...made).filter { _ in every == 1 || Int.random(in: 0..<every, using: &generator) == 0 }
  }

  func run(injecting fault: String, into calls: String) throws -> Program.Result {
    try Disk.write(base, to: laboratory.folder)
    return try Program.run(
      strace,
      [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e", "inject=\(calls):\(fault)", binary,
      ] + verb.arguments, in: laboratory.folder, second: 10)
  }

  /// What is wrong with what the run left.
  func fault(acknowledged: Bool) -> String? {
    do {
      return try laboratory.check(allowed: acknowledged ? Array(allowed.dropFirst()) : allowed, known: known)
    } catch {
      return "\(error)"
    }
  }
}
