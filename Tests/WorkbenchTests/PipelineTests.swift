import Synchronization
import Testing

@testable import Workbench

@Suite struct PipelineTests {
  @Test(arguments: [1, 2, 5]) func resultsComeInTheOrderOfTheItems(threads: Int) throws {
    let pipeline = Pipeline(threads: threads) { 7 }
    for _ in 0..<2 {
      var next = 0
      var taken: [Int] = []
      try pipeline.run(
        next: {
          guard next < 3_000 else { return nil }
          defer { next += 1 }
          return next
        }, work: { state, item in item * state }, take: { taken.append($0) })
      #expect(taken == (0..<3_000).map { $0 * 7 })
    }
  }

  @Test(arguments: [1, 3]) func theFirstErrorEndsIt(threads: Int) throws {
    struct Broken: Error, Equatable { let item: Int }
    let working = Atomic(0)
    var next = 0
    var taken = 0
    #expect(throws: Broken(item: 10)) {
      try Pipeline(threads: threads, making: {}).run(
        next: { () -> Int? in
          defer { next += 1 }
          return next
        },
        work: { _, item in
          working.add(1, ordering: .relaxed)
          defer { working.subtract(1, ordering: .relaxed) }
          if item >= 10 { throw Broken(item: item) }
          return item
        }, take: { _ in taken += 1 })
    }
    #expect(taken == 10)
    // Nobody works on behind the caller's back.
    #expect(working.load(ordering: .relaxed) == 0)
  }
}
