import Curation
import Glibc
import Records

/// The last 1,000 rows against an index of all others, which is read from a file.
func indexBench(file: String, _ similarity: NGramSimilarity, threads: Int) throws {
  let sets = withFile(file) { grams(of: $0, n: similarity.n) }
  let known = max(0, sets.count - 1_000)
  let new = withFile(file) { grams(of: $0, n: similarity.n, from: known) }
  let parameters = NGramIndexParameters(similarity: similarity, tokenizer: "bench/1", field: "pair")
  let ids = (0..<sets.count).map { item in
    withUnsafeBytes(of: (item, 0, 0, 0)) { ObjectID(loading: $0, at: 0) }
  }
  let empty = try NGramIndex([], parameters: parameters)
  var start = seconds()
  let bytes = try empty.segment(
    adding: Array(0..<known), of: sets, ids: Array(ids[..<known]), threads: threads)
  print("\(known) rows to \(bytes.count >> 20) MiB: \(decimals(seconds() - start)) s")
  let indexFile = file + ".segment"
  write(bytes, to: indexFile)

  start = seconds()
  try withFile(indexFile) { bytes in
    let segment = try NGramSegment(bytes, owner: indexFile)
    let index = try NGramIndex([segment], parameters: parameters)
    let opened = seconds()
    let matches = try index.matches(of: new, threads: threads)
    let found = seconds()
    let appended = try index.segment(
      adding: Array(0..<new.count), of: new, ids: Array(ids[known...]), threads: threads)
    print(
      "open \(decimals(opened - start)) s, \(new.count) new against them \(decimals(found - opened)) s"
        + " (\(matches.count) matches), append \(decimals(seconds() - found)) s (\(appended.count >> 10) KiB)"
    )
  }
  unlink(indexFile)
}

private func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0
  else {
    fail("cannot write \(path)")
  }
}
