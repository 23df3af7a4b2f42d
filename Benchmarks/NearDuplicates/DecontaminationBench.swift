import Curation

/// The first 10,000 rows as evaluation items against all others: planted copies are what there is to find.
func decontaminationBench(file: String, runLength: Int) throws {
  let lists = withFile(file) { tokens(of: $0) }
  let known = min(10_000, lists.count / 2)
  var (evaluations, training) = (TokenLists(), TokenLists())
  for item in 0..<lists.count {
    if item < known { evaluations.append(lists[item]) } else { training.append(lists[item]) }
  }
  let start = seconds()
  let search = try Decontamination(evaluations: evaluations, runLength: runLength)
  let made = seconds()
  let report = search.report(on: training)
  print(
    "\(known) evaluation items: \(decimals(made - start)) s; \(training.count) training items: "
      + "\(decimals(seconds() - made)) s, \(report.contaminations.count) contaminations, \(report.boilerplate.count) forms of words; peak \(peakMemory()) MiB"
  )
}
