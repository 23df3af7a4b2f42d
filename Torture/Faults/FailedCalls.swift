import Glibc
import Objects
import Workbench

/// Each system call of a verb fails in turn, once or from then on.
public struct FailedCalls {
  private let laboratory: Laboratory
  private let verb: Verb
  private let base: Disk.Image
  private let before: Observation
  private let after: Observation
  private let known: [String: String]
  /// How many calls the verb makes when nothing fails.
  public let calls: Int
  /// How many failures were provoked.
  public private(set) var states = 0
  /// What was wrong, each with the way to it.
  public private(set) var failures: [String] = []

  /// The errors a disk or a system out of something gives.
  public static let codes = [ENOSPC, EIO, EMFILE, EDQUOT]

  public init(_ verb: Verb, in laboratory: Laboratory) throws {
    self.laboratory = laboratory
    self.verb = verb
    base = try laboratory.base(for: verb)
    before = try Observation(laboratory.session())
    let counting = FaultyFileSystem(failing: 0, code: 0)
    try verb.run(laboratory.session(counting, at: 10))
    calls = counting.count
    after = try Observation(laboratory.session())
    known = before.contents.merging(after.contents) { $1 }
  }

  /// Fails call number `number`, from 1.
  public mutating func fail(_ number: Int, code: Int32, staysBroken: Bool) throws {
    states += 1
    try Disk.write(base, to: laboratory.folder)
    let faulty = FaultyFileSystem(failing: number, code: code, staysBroken: staysBroken)
    let reason = String(cString: strerror(code))
    var allowed = [after]
    var place = "\(verb.name), call \(number)"
    do {
      defer {
        if let (call, path) = faulty.failed {
          place +=
            " (\(call) \(path.dropFirst(laboratory.folder.count))): \(reason)\(staysBroken ? " for ever" : "")"
        }
      }
      try verb.run(laboratory.session(faulty, at: 10))
    } catch let failure as Failure {
      // A disk that stays broken does not let what was begun be taken back: then the next verb completes it. And what
      // fails to be read for the report, after the change, does not undo the change.
      let isReading = ["open", "examine", "map", "read", "list"].contains(faulty.failed?.call)
      // A file that was renamed over another, or a branch that a repair brought back, stays when only its folder cannot
      // be synchronized: what was there before is gone, or was the damage.
      let isReplaced =
        faulty.failed?.call == "synchronize directory"
        && ["pin", "checkout", "fsck --repair"].contains(verb.name)
      allowed = staysBroken || isReading || isReplaced ? [before, after] : [before]
      if failure.kind != .io {
        failures.append("\(place): the exit code is \(failure.kind.rawValue): \(failure)")
      }
      if !failure.message.contains(reason) { failures.append("\(place): the message is \(failure.message)") }
    }
    do {
      if let fault = try laboratory.check(allowed: allowed, known: known) {
        failures.append("\(place): \(fault)")
      }
    } catch {
      failures.append("\(place): \(error)")
    }
  }
}
