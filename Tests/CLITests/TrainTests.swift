import Testing

@Suite struct TrainTests {
  @Test func makesATinyModel() async throws {
    let repository = try await TestRepository(initialised: false)
    try await repository.check(
      #"""
      $ mdata model new tiny
      $ mdata model new tiny
      $ mdata model new other --seed 7 --json
      """#)
  }

  @Test func trainsAndRecordsTheRun() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --out out --steps 2 --batch 2 --seq-len 128 --lr 1e-3
      $ mdata runs
      $ mdata runs --version v1
      $ mdata runs --version main
      $ mdata show v1
      $ mdata blame #4:1
      $ mdata train HEAD --model out --out again --steps 1 --records 2 --quiet
      $ mdata pin v1
      $ mdata train --locked --model tiny --out third --epochs 1 --batch 4
      """#)
    let metrics = try repository.text("out/metrics.jsonl").split(separator: "\n")
    #expect(metrics.count == 2)
    for (step, line) in metrics.enumerated() {
      #expect(line.contains("\"step\":\(step + 1)"))
      for key in ["loss", "tokens", "tokens_per_second"] { #expect(line.contains("\"\(key)\":")) }
    }
    let long = try await repository.run("runs", "--json")
    let run = try #require(long.stdout.firstMatch(of: /"run":"([0-9a-f]{12})/)?.1)
    try await repository.check(
      #"""
      $ mdata runs
      """#)
    let one = try await repository.run("runs", String(run))
    #expect(one.stdout.contains("    seq_len          128\n") && one.stdout.contains("1-4"), "\(one)")
  }

  @Test func theSameTrainingGivesTheSameModel() async throws {
    let repository = try await Sample.model()
    for threads in ["1", "2"] {
      try await repository.run(
        "train", "v1", "--model", "tiny", "--out", "t\(threads)", "--steps", "2", "--seed", "3", "--threads", threads)
    }
    #expect(try repository.bytes("t1/model.safetensors") == repository.bytes("t2/model.safetensors"))
  }
}
