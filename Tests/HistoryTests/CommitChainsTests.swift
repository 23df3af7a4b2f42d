import GRDB
import Records
import Testing

@testable import History

/// Chains of commits against a plain walk over a random history.
@Suite struct CommitChainsTests {
  private func id(_ number: Int) -> CommitID {
    CommitID(unchecked: (0..<20).map { $0 < 16 ? 0 : UInt8(truncatingIfNeeded: number >> (8 * (19 - $0))) })
  }

  @Test(arguments: [(1, 0), (2, 0), (3, 8), (4, 3)])
  func saysWhatAWalkSays(seed: UInt64, mergeEvery: Int) throws {
    var generator = SplitMix64(seed: seed)
    var parents: [[Int]] = []
    for number in 0..<120 {
      guard number > 0 else {
        parents.append([])
        continue
      }
      // Mostly on top of the newest; now and then a branch, a second root, a merge.
      let first = generator.next() % 4 == 0 ? Int(generator.next() % UInt64(number)) : number - 1
      if mergeEvery > 0, Int(generator.next() % UInt64(mergeEvery)) == 0 {
        parents.append([first, Int(generator.next() % UInt64(number))])
      } else {
        parents.append(generator.next() % 40 == 0 ? [] : [first])
      }
    }
    var ancestors: [Set<Int>] = []
    for (number, above) in parents.enumerated() {
      ancestors.append(above.reduce(into: [number]) { $0.formUnion(ancestors[$1]) })
    }
    let queue = try DatabaseQueue()
    try queue.write { database in
      try IndexSchema.create(in: database)
      let chains = CommitChains(database)
      for (number, above) in parents.enumerated() {
        try chains.add(
          GitCommit(
            id: id(number), tree: id(number), parents: above.map(id),
            authorship: GitStamp(identity: .ada, time: GitTime(seconds: 0)),
            commitment: GitStamp(identity: .ada, time: GitTime(seconds: 0)), message: ""),
          number: Int64(number + 1))
      }
      var known = 0
      for later in parents.indices {
        for earlier in parents.indices {
          guard let answer = try chains.follows(id(later), id(earlier)) else { continue }
          known += 1
          #expect(answer == ancestors[later].contains(earlier), "\(later) after \(earlier)")
        }
      }
      // Without merges it always knows.
      #expect(mergeEvery > 0 ? known > 2_000 : known == parents.count * parents.count)
      #expect(try chains.follows(id(0), id(900)) == nil)
    }
  }
}
