import BitRot
import Testing

/// The short form of `./dev torture bitrot`: some damage of every way to every kind of file.
@Suite struct BitRotTests {
  @Test func everyDamageIsFoundAndNoneIsRead() throws {
    let sample = try RotSample(in: "/tmp")
    var trial = RotTrial(sample, seed: 7)
    let tally = trial.run(120)
    #expect(tally.missed == [])
    #expect(tally.altered == [])
    #expect(tally.kinds.count == RotKind.allCases.count, "\(tally.kinds)")
    #expect(
      tally.named * 100 >= (tally.damage + tally.noticed) * 90,
      "\(tally.named) of \(tally.damage + tally.noticed)")
  }
}
