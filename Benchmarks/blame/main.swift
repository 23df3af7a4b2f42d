import Glibc
import Workbench

// Blame of one row, in process, after more and more commits. usage: blame-bench [COMMITS ...]
//
// Each commit brings ten rows. A blame opens the repository anew, as a server would for a request; the first one after
// the commits is given too, since it finds nothing prepared.

/// Milliseconds of `work`.
func milliseconds(_ work: () throws -> Void) rethrows -> Double {
  var begin = timespec()
  var end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &begin)
  try work()
  clock_gettime(CLOCK_MONOTONIC, &end)
  return Double(end.tv_sec - begin.tv_sec) * 1e3 + Double(end.tv_nsec - begin.tv_nsec) / 1e6
}

/// Ends with what the system says of the call that failed.
func fail(_ what: String) -> Never {
  perror("error: \(what)")
  exit(EX_IOERR)
}

func write(_ text: String, to path: String) {
  let bytes = Array(text.utf8)
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  guard file >= 0, Glibc.write(file, bytes, bytes.count) == bytes.count else { fail("cannot write \(path)") }
  close(file)
}

var template = Array("/tmp/blame-bench-XXXXXX".utf8CString)
guard let made = mkdtemp(&template) else { fail("cannot make a folder in /tmp") }
let folder = String(cString: made)
var session = Session(
  directory: folder, now: 1_780_000_000, utcOffset: 0, author: ("bench", "bench@localhost"), threads: 2,
  standardInput: -1, steadyClock: { 0 })
_ = try InitRequest(folder: folder).run(in: session)

let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
var first: String?
var done = 0
for count in counts.isEmpty ? [10, 200, 2_000] : counts {
  var last = ""
  while done < count {
    let rows = (0..<10).map {
      "{\"id\":\"\(done)-\($0)\",\"instruction\":\"Question \(done * 10 + $0)?\",\"output\":\"Answer \(done) \($0).\"}\n"
    }
    write(rows.joined(), to: folder + "/rows.jsonl")
    session.now = 1_780_000_000 + Int64(done)
    let result = try CommitRequest(
      change: .files([ImportRequest(source: folder + "/rows.jsonl")]), message: "commit \(done)"
    ).run(in: session)
    last = (result.batches.first?.batch ?? "") + ":5"
    first = first ?? last
    done += 1
  }
  for (name, record) in [("first row", first ?? last), ("newest row", last)] {
    let cold = try milliseconds { _ = try BlameRequest(record: record).run(in: session) }
    let times = try (0..<31).map { _ in
      try milliseconds { _ = try BlameRequest(record: record).run(in: session) }
    }
    print("after \(count) commits, \(name): first \(cold) ms, median \(times.sorted()[15]) ms")
  }
}
