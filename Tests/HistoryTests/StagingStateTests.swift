import Objects
import Records
import Testing

@testable import History

@Suite struct StagingStateTests {
  private func merge(_ decisions: [PendingMerge.Decision]) throws -> StagingState {
    let commit = try #require(CommitID(hex: [String](repeating: "a", count: 40).joined()))
    return StagingState(
      batches: [],
      merge: PendingMerge(ours: commit, theirs: commit, name: "side", message: "Merge", decisions: decisions))
  }

  @Test func aMergeComesBackAsItWasWritten() throws {
    let records = try ["aaaaaaaaaaaaaaaaaaaaaaaa:1", "aaaaaaaaaaaaaaaaaaaaaaaa:2"].map {
      try #require(RecordID($0))
    }
    var state = try merge([])
    for decision in [
      PendingMerge.Decision(
        record: records[1], choice: .edited, pair: ObjectID.hash(.pair, [1]), columns: Array(#"{"a":1}"#.utf8)
      ),
      PendingMerge.Decision(record: records[0], choice: .ours),
      PendingMerge.Decision(record: records[0], choice: .both),
    ] { state.merge?.decide(decision) }
    #expect(state.merge?.decisions.map(\.choice) == [.both, .edited])
    #expect(try StagingState(parsing: state.canonicalBytes) == state)
    #expect(!state.isEmpty && state.digest != nil)
    for verb in [PendingMerge.Verb.cherryPick, .revert] {
      for base in [nil, state.merge?.ours] {
        state.merge?.verb = verb
        state.merge?.base = base
        #expect(try StagingState(parsing: state.canonicalBytes) == state)
      }
    }
  }

  @Test func decisionsStayInTheOrderOfTheirRecords() throws {
    func record(_ row: Int) throws -> RecordID { try #require(RecordID("aaaaaaaaaaaaaaaaaaaaaaaa:\(row)")) }
    var random = SplitMix64(seed: 5)
    var pending = try #require(try merge([]).merge)
    var expected: [RecordID: PendingMerge.Decision.Choice] = [:]
    for _ in 0..<500 {
      let record = try record(1 + Int(random.next(below: 40)))
      if random.next(below: 4) == 0 {
        pending.reopen(record)
        expected[record] = nil
      } else {
        let choice: PendingMerge.Decision.Choice = random.next(below: 2) == 0 ? .ours : .theirs
        pending.decide(PendingMerge.Decision(record: record, choice: choice))
        expected[record] = choice
      }
      #expect(pending.decisions.map(\.record) == expected.keys.sorted())
      #expect(pending.decision(about: record)?.choice == expected[record])
    }
  }

  @Test(arguments: [
    #"{"batches":[],"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"decisions":[],"message":"","name":"","ours":"A","theirs":"B"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"decisions":[],"message":"","name":"","ours":"A","theirs":"A"},"schema":"mdata.staging/v1"}"#,
    #"{"batches":[],"merge":{"decisions":[{"choice":"x","record":"aaaaaaaaaaaaaaaaaaaaaaaa:1"}],"message":"","name":"","ours":"A","theirs":"A"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"decisions":[{"choice":"edited","record":"aaaaaaaaaaaaaaaaaaaaaaaa:1"}],"message":"","name":"","ours":"A","theirs":"A"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"decisions":[{"choice":"ours","record":"aaaaaaaaaaaaaaaaaaaaaaaa:2"},{"choice":"ours","record":"aaaaaaaaaaaaaaaaaaaaaaaa:1"}],"message":"","name":"","ours":"A","theirs":"A"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"base":null,"decisions":[],"message":"","name":"","ours":"A","theirs":"A","verb":"merge"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"decisions":[],"message":"","name":"","ours":"A","theirs":"A","verb":"revert"},"schema":"mdata.staging/v2"}"#,
    #"{"batches":[],"merge":{"base":"x","decisions":[],"message":"","name":"","ours":"A","theirs":"A","verb":"revert"},"schema":"mdata.staging/v2"}"#,
  ]) func whatIsMalformedIsRefused(text: String) throws {
    let text = text.replacing(#""A""#, with: "\"" + String(repeating: "a", count: 40) + "\"")
    #expect(throws: StagingState.Flaw.self) { try StagingState(parsing: Array(text.utf8)) }
  }
}
