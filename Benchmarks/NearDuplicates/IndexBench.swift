import Curation
import Glibc

/// The last 1,000 rows against an index of all others, which is read from a file.
func indexBench(file: String, _ similarity: NGramSimilarity, threads: Int) throws {
  let lists = withFile(file) { tokens(of: $0) }
  let known = max(0, lists.count - 1_000)
  var (old, new) = (TokenLists(), TokenLists())
  for item in 0..<lists.count {
    if item < known { old.append(lists[item]) } else { new.append(lists[item]) }
  }
  let parameters = NGramIndexParameters(similarity: similarity, tokenizer: "bench/1")
  let order = NGramIndexOrder(sampling: old, n: similarity.n)
  let ids = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: known)
  var start = seconds()
  let bytes = NGramSegment.encode(old, ids: ids, parameters: parameters, order: order, threads: threads)
  print("\(known) rows to \(bytes.count >> 20) MiB: \(decimals(seconds() - start)) s")
  let (indexFile, orderFile) = (file + ".segment", file + ".order")
  write(bytes, to: indexFile)
  write(order.encoded(), to: orderFile)

  start = seconds()
  let kept = try withFile(orderFile) { try NGramIndexOrder(decoding: $0) }
  try withFile(indexFile) { bytes in
    let segment = try NGramSegment(bytes, parameters: parameters, order: kept)
    let opened = seconds()
    let links = try NGramIndex([segment], parameters: parameters, order: kept).links(
      to: new, threads: threads)
    let found = seconds()
    let appended = NGramSegment.encode(
      new, ids: Array(ids.prefix(new.count)), parameters: parameters, order: kept, threads: threads)
    print(
      "open \(decimals(opened - start)) s, \(new.count) new against them \(decimals(found - opened)) s"
        + " (\(links.count) links), append \(decimals(seconds() - found)) s (\(appended.count >> 10) KiB)")
  }
  unlink(indexFile)
  unlink(orderFile)
}

private func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0
  else {
    fail("cannot write \(path)")
  }
}
