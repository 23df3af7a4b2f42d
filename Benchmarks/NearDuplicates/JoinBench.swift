import Curation
import Glibc

/// Of the processor, all threads together: what else runs on the machine changes it little.
func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The most memory that this process had so far, in MiB.
func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss / 1024
}

func decimals(_ value: Double, _ places: Int = 4) -> String {
  let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
  let digits = String(Int((value * factor).rounded()))
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  return padded.dropLast(places) + "." + padded.suffix(places)
}

/// A file in memory.
func withFile<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
  let descriptor = open(path, O_RDONLY)
  var status = stat()
  guard descriptor >= 0, fstat(descriptor, &status) == 0 else { fail("cannot read \(path)") }
  defer { close(descriptor) }
  if status.st_size == 0 { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
  guard let pages = mmap(nil, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0), pages != MAP_FAILED
  else {
    fail("cannot read \(path)")
  }
  defer { munmap(pages, status.st_size) }
  return try body(UnsafeRawBufferPointer(start: pages, count: status.st_size))
}

/// The grams of each line of a file, as the verb makes them of each pair; from the line with a number on.
func grams(of text: UnsafeRawBufferPointer, n: Int, from first: Int = 0) -> GramSets {
  let encoder = GramEncoder(.auto, n: n)
  var sets = GramSets(n: n)
  guard let base = text.baseAddress else { return sets }
  var (start, line) = (0, 0)
  while start < text.count {
    let found = memchr(base + start, 0x0A, text.count - start)
    let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? text.count
    let row = UnsafeRawBufferPointer(rebasing: text[start..<end])
    if line >= first { row.withMemoryRebound(to: UInt8.self) { encoder.append($0, to: &sets) } }
    start = end + 1
    line += 1
  }
  return sets
}

func joinBench(file: String, _ similarity: NGramSimilarity, threads: Int) throws {
  let start = seconds()
  let sets = withFile(file) { grams(of: $0, n: similarity.n) }
  let made = seconds()
  let memory = peakMemory()
  let join = NGramJoin(sets, similarity: similarity, threads: threads)
  let prepared = seconds()
  let decisions = join.decisions(rank: Array(0..<sets.count), reach: .chain)
  let decided = seconds()
  print(
    "\(sets.count) rows: words and grams \(decimals(made - start)) s (\(memory) MiB), prefixes"
      + " \(decimals(prepared - made)) s, chain \(decimals(decided - prepared)) s, together"
      + " \(decimals(decided - start)) s; peak \(peakMemory()) MiB")
  let stars = join.decisions(rank: Array(0..<sets.count), reach: .star)
  let starred = seconds()
  print(
    "star \(decimals(starred - decided)) s: \(stars.drops.count) dropped; chain: \(decisions.drops.count) dropped"
  )
  let truth = file.hasSuffix(".tsv") ? String(file.dropLast(4)) : file
  Truth(truth + ".truth")?.report(decisions, count: sets.count)
}
