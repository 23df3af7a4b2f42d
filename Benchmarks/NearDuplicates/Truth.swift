import Curation

/// Which rows were made from which: a line per row with the number of its original (its own when it is one) and the kind
/// of copy, `u` for an original.
struct Truth {
  private var originals: [Int] = []
  private var kinds: [String] = []

  init?(_ path: String) {
    let text = withFile(path) { String(decoding: $0, as: UTF8.self) }
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t")
      guard fields.count == 2, let original = Int(fields[0]) else { return nil }
      originals.append(original)
      kinds.append(String(fields[1]))
    }
  }

  /// Precision: of the rows beyond one of each cluster, those that share an original with the most common of the cluster.
  /// Recall: of the copies, those in the cluster of their original.
  func report(_ decisions: DuplicateDecisions, count: Int) {
    guard count == originals.count else {
      return print("the truth has \(originals.count) rows, not \(count)")
    }
    var clusters = Array(0..<count)
    for drop in decisions.drops { clusters[drop.item] = drop.other }
    var found: [String: (found: Int, all: Int)] = [:]
    for (row, kind) in kinds.enumerated() where kind != "u" {
      found[kind, default: (0, 0)].all += 1
      if clusters[row] == clusters[originals[row]] { found[kind, default: (0, 0)].found += 1 }
    }
    var members: [Int: [Int: Int]] = [:]
    for row in 0..<count { members[clusters[row], default: [:]][originals[row], default: 0] += 1 }
    let right = members.values.reduce(0) { sum, counts in sum + counts.values.reduce(0) { $0 + $1 - 1 } }
    let all = found.values.reduce((0, 0)) { ($0.0 + $1.found, $0.1 + $1.all) }
    let recall = Double(all.0) / Double(max(1, all.1))
    print(
      "precision \(decimals(Double(right) / Double(max(1, decisions.drops.count)))), recall \(decimals(recall)) of \(all.1) planted: "
        + found.sorted { $0.key < $1.key }.map {
          "\($0.key) \(decimals(Double($0.value.found) / Double($0.value.all), 3))"
        }.joined(separator: ", "))
  }
}
