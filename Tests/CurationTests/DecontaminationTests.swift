import Records
import Testing

@testable import Curation

@Suite struct DecontaminationTests {
  private func lists(_ lists: [[UInt32]]) -> TokenLists { NearDuplicateCorpus(lists).tokens }

  @Test func theSharedRunIsShown() throws {
    let evaluation: [[UInt32]] = [Array(100..<130), [7, 8, 9], Array(200..<220)]
    let search = try Decontamination(evaluations: lists(evaluation), runLength: 8)
    let report = search.report(
      on: lists([
        [1, 2] + Array(105..<120) + [3], Array(100..<107) + [0] + Array(108..<115), [5, 7, 8, 9, 6], [7, 8],
        Array(200..<220), [],
      ]))
    #expect(
      report.contaminations == [
        Contamination(
          training: 0, evaluation: 0, run: SharedRun(trainingStart: 2, evaluationStart: 5, length: 15),
          isWhole: false),
        Contamination(
          training: 2, evaluation: 1, run: SharedRun(trainingStart: 1, evaluationStart: 0, length: 3),
          isWhole: true
        ),
        Contamination(
          training: 4, evaluation: 2, run: SharedRun(trainingStart: 0, evaluationStart: 0, length: 20),
          isWhole: true),
      ])
    #expect(report.boilerplate.isEmpty)
    let longer = try Decontamination(evaluations: lists(evaluation), runLength: 8, shortest: 4)
    #expect(longer.report(on: lists([[5, 7, 8, 9, 6]])).contaminations.isEmpty)
  }

  /// "Choose the right answer from these:" is no leak, and what follows it is.
  @Test func aFormOfWordsIsGroupedAndNotCounted() throws {
    let form = Array<UInt32>(1...12)
    let evaluation = (0..<20).map { form + [UInt32(100 + $0), UInt32(200 + $0), 50] }
    let search = try Decontamination(evaluations: lists(evaluation), runLength: 8, boilerplate: .share(0.1))
    let report = search.report(on: lists([[90] + form + [91], form, [92] + form + [103, 203, 93]]))
    #expect(
      report.contaminations == [
        Contamination(
          training: 2, evaluation: 3, run: SharedRun(trainingStart: 1, evaluationStart: 0, length: 14),
          isWhole: false)
      ])
    #expect(
      report.boilerplate == [
        Boilerplate(
          training: [0, 1, 2], trainingStart: 1, length: 12, evaluation: 0, evaluationStart: 0,
          evaluations: 20)
      ])
  }

  @Test func theSameAsLookingAtEveryPairOfPlaces() throws {
    var random = SplitMix64(seed: 41)
    var counts = (contaminations: 0, boilerplate: 0)
    for round in 0..<400 {
      let vocabulary: UInt64 = [2, 4, 30].randomElement(using: &random) ?? 3
      let corpus = NearDuplicateCorpus(
        count: 4 + Int(random.next(below: 24)), vocabulary: vocabulary, longest: 24, random: &random
      ).lists.shuffled(using: &random)
      let split = corpus.count / 2
      let evaluation = Array(corpus[..<split])
      let training = Array(corpus[split...])
      let length = 1 + Int(random.next(below: 7))
      let limit = 1 + Int(random.next(below: 4))
      let search = try Decontamination(
        evaluations: lists(evaluation), runLength: length, boilerplate: .items(limit))
      let report = search.report(on: lists(training))
      let expected = BruteForce(training: training, evaluation: evaluation, runLength: length, limit: limit)
      #expect(report.contaminations == expected.contaminations, "round \(round)")
      var runs: Set<BruteForce.Form> = []
      for group in report.boilerplate {
        let words = training[group.training[0]].dropFirst(group.trainingStart).prefix(group.length)
        #expect(group.training == Array(Set(group.training)).sorted())
        for item in group.training { runs.insert(.init(item: item, words: Array(words))) }
        let own = evaluation[group.evaluation].dropFirst(group.evaluationStart)
        #expect(own.starts(with: words.prefix(min(length, group.length))))
        #expect(group.evaluations > limit)
      }
      #expect(runs == expected.boilerplate, "round \(round)")
      counts.contaminations += report.contaminations.count
      counts.boilerplate += report.boilerplate.count
    }
    #expect(counts.contaminations > 500 && counts.boilerplate > 300)
  }

  /// What repeats a few words has as many pairs of places as words squared.
  @Test func repetitionCostsNoMoreThanItsLength() throws {
    let search = try Decontamination(
      evaluations: lists([(0..<40_000).map { $0 % 2 }]), runLength: 13)
    let report = search.report(on: lists([[2] + (0..<30_000).map { $0 % 2 }]))
    #expect(
      report.contaminations == [
        Contamination(
          training: 0, evaluation: 0, run: SharedRun(trainingStart: 1, evaluationStart: 0, length: 30_000),
          isWhole: false)
      ])
  }

  /// A training item that is a whole evaluation set: comparing it with each of its items anew takes the square of it.
  @Test func aWholeEvaluationSetCostsNoMoreThanItsLength() throws {
    let count = 8_000
    let evaluation = (0..<UInt32(count)).map { item in (0..<15).map { 16 * item + $0 } }
    let search = try Decontamination(evaluations: lists(evaluation), boilerplate: .items(1))
    let report = search.report(on: lists([Array(evaluation.reversed().joined())]))
    #expect(
      report.contaminations
        == (0..<count).map {
          Contamination(
            training: 0, evaluation: $0,
            run: SharedRun(trainingStart: 15 * (count - 1 - $0), evaluationStart: 0, length: 15),
            isWhole: true)
        })
  }

  /// Every run of an item, by the automaton and by looking for it; its work is bounded by the item's words.
  @Test func theAutomatonKnowsEveryRun() {
    var random = SplitMix64(seed: 43)
    for _ in 0..<300 {
      let words = (0..<random.next(below: 20)).map { _ in UInt32(random.next(below: 3)) }
      let other = (0..<random.next(below: 20)).map { _ in UInt32(random.next(below: 4)) }
      var found: [[Int]] = []
      SubwordAutomaton(words).matches(other) { found.append([$0, $1, $2]) }
      var expected: [[Int]] = []
      for end in other.indices {
        for start in 0...end {
          let run = other[start...end]
          guard let first = words.indices.first(where: { words[$0...].starts(with: run) }) else { continue }
          expected.append([end, run.count, first])
          break
        }
      }
      #expect(found == expected, "\(words) \(other)")
    }
    for words in [
      [UInt32](repeating: 1, count: 3_000), (0..<3_000).map { UInt32($0) },
      (0..<3_000).map { UInt32($0 % 50) },
    ] {
      let size = SubwordAutomaton(words).size
      #expect(size.states <= 2 * words.count && size.edges <= 3 * words.count, "\(size)")
    }
  }

  @Test func nothingOfNothing() throws {
    let none = try Decontamination(evaluations: TokenLists())
    #expect(none.report(on: lists([[1, 2, 3]])) == ContaminationReport())
    let some = try Decontamination(evaluations: lists([[], [1]]), runLength: 1)
    #expect(some.report(on: TokenLists()) == ContaminationReport())
    #expect(some.report(on: lists([[], [1]])).contaminations.map(\.training) == [1])
  }

  @Test func parametersAreChecked() {
    #expect(throws: DecontaminationError.runLength(0)) {
      try Decontamination(evaluations: TokenLists(), runLength: 0)
    }
    #expect(throws: DecontaminationError.boilerplate(.items(0))) {
      try Decontamination(evaluations: TokenLists(), boilerplate: .items(0))
    }
    #expect(throws: DecontaminationError.self) {
      try Decontamination(evaluations: TokenLists(), boilerplate: .share(.nan))
    }
  }
}

/// Every place of every training item against every place of every evaluation item.
private struct BruteForce {
  struct Form: Hashable {
    let item: Int
    let words: [UInt32]
  }

  var contaminations: [Contamination] = []
  var boilerplate: Set<Form> = []

  init(training: [[UInt32]], evaluation: [[UInt32]], runLength: Int, limit: Int) {
    func runs(_ list: [UInt32], _ length: Int) -> [[UInt32]] {
      list.count < length ? [] : (0...list.count - length).map { Array(list[$0..<$0 + length]) }
    }
    let lengths = Set(evaluation.map { min($0.count, runLength) }).subtracting([0]).sorted()
    for (item, list) in training.enumerated() {
      for length in lengths {
        let others = evaluation.indices.filter { min(evaluation[$0].count, runLength) == length }
        let having = runs(list, length).map { run in
          others.count { runs(evaluation[$0], length).contains(run) }
        }
        var start = 0
        while start < having.count {
          var end = start
          while end < having.count, having[end] > limit { end += 1 }
          if end > start {
            boilerplate.insert(Form(item: item, words: Array(list[start..<end - 1 + length])))
          }
          start = max(end, start + 1)
        }
        for other in others {
          var best: SharedRun?
          for first in list.indices {
            for second in evaluation[other].indices {
              let common = zip(list[first...], evaluation[other][second...]).prefix { $0 == $1 }.count
              guard common >= length, common > best?.length ?? 0 else { continue }
              guard having[first...first + common - length].contains(where: { $0 <= limit }) else { continue }
              best = SharedRun(trainingStart: first, evaluationStart: second, length: common)
            }
          }
          if let best {
            contaminations.append(
              Contamination(
                training: item, evaluation: other, run: best, isWhole: best.length == evaluation[other].count)
            )
          }
        }
      }
    }
    contaminations.sort { ($0.training, $0.evaluation) < ($1.training, $1.evaluation) }
  }
}
