import BitRot
import Glibc
import Objects
import Synchronization

/// Damage of every kind to every kind of file.
struct BitRotMode: Mode {
  let name = "bitrot"
  let summary = "damage to every kind of file: fsck finds it, and no reading gives altered data"

  func run(_ plan: Plan) async throws -> Verdict {
    let tally = try bitRot(seed: plan.seed, count: plan.count(short: 500, long: 1_000_000), in: plan.folder)
    var counts =
      "\(tally.mutations) mutations of \(tally.kinds.count) kinds of file, \(tally.damage) found as damage, \(tally.noticed) remarked on, \(tally.named) with the very file"
    for (reason, number) in (Array(tally.meaningless) + Array(tally.excused)).sorted(by: { $0.key < $1.key })
    {
      counts += "; \(number) times: \(reason)"
    }
    return Verdict(
      counts: counts, failures: tally.missed.map { "missed: " + $0 } + tally.altered.map { "read: " + $0 })
  }
}

/// Damages every kind of file of a repository `count` times, on all processors. Equal seeds give equal damage.
func bitRot(seed: UInt64, count: Int, in parent: String) throws -> RotTally {
  let workers = max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 8))
  let total = Mutex(RotTally())
  let failure = Mutex<(any Error)?>(nil)
  Threads.run(workers) { worker in
    do {
      var trial = RotTrial(try RotSample(in: parent), seed: seed &+ UInt64(worker))
      let share = count / workers + (worker < count % workers ? 1 : 0)
      var tally = RotTally()
      while tally.mutations < share { tally = trial.run(min(500, share - tally.mutations)) }
      let found = tally
      total.withLock { $0.add(found) }
    } catch {
      failure.withLock { $0 = error }
    }
  }
  if let error = failure.withLock({ $0 }) { throw error }
  return total.withLock { $0 }
}
