import Curation
import Glibc

// Near-duplicates among synthetic pairs with planted ones: seconds, peak memory, precision and recall by kind.
// usage: near-duplicates-bench generate ROWS FILE | (join | index) FILE [N [MEASURE [THRESHOLD [THREADS]]]]
//   | decontaminate FILE [WORDS]

func fail(_ message: String) -> Never {
  print("error: \(message)")
  exit(64)
}

let arguments = CommandLine.arguments.dropFirst().map { $0 }
switch (arguments.first, arguments.dropFirst().count) {
case ("generate", 2):
  guard let rows = Int(arguments[1]), rows > 0 else { fail("how many rows?") }
  var pairs = PlantedPairs(rows: rows)
  try pairs.write(to: arguments[2])
case ("join", 1...5), ("index", 1...5):
  func number(_ place: Int, _ otherwise: Double) -> Double {
    arguments.count > place ? Double(arguments[place]) ?? otherwise : otherwise
  }
  let measure = arguments.count > 3 ? NGramSimilarity.Measure(rawValue: arguments[3]) ?? .jaccard : .jaccard
  let similarity = try NGramSimilarity(n: Int(number(2, 3)), measure: measure, threshold: number(4, 0.7))
  let bench = arguments[0] == "join" ? joinBench : indexBench
  try bench(arguments[1], similarity, Int(number(5, 1)))
case ("decontaminate", 1...2):
  try decontaminationBench(file: arguments[1], runLength: arguments.count > 2 ? Int(arguments[2]) ?? 13 : 13)
default:
  fail(
    "usage: near-duplicates-bench generate ROWS FILE | (join | index) FILE [N [MEASURE [THRESHOLD [THREADS]]]] | decontaminate FILE [WORDS]"
  )
}
