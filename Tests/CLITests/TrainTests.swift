import Testing

@Suite struct TrainTests {
  @Test func makesATinyModel() async throws {
    let repository = try await TestRepository(initialised: false)
    try await repository.check(
      #"""
      $ mdata model new tiny
      Made a LLaMA of 123,840 parameters in tiny
      $ mdata model new tiny
      error: `tiny` holds a model already
      hint: give another folder, or remove it first
      [exit 64]
      $ mdata model new other --seed 7 --json
      {"digest":"#1/64","folder":"other","parameters":123840,"schema":"mdata.model/v1"}
      """#)
  }

  @Test func trainsAndRecordsTheRun() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --out out --steps 2 --batch 2 --seq-len 128 --lr 1e-3
      Training on 4 records of #1, 123,840 parameters, 2 steps
      step 1  loss N  N tokens/s
      step 2  loss N  N tokens/s
      Trained 2 steps: loss N → N; 4 of 4 records seen
      Wrote out, recorded as run #2
      $ mdata runs
      #2  2026-01-01T00:00  2 steps  loss N → N  tiny
          on #1 (v1): saw 4 of 4 records
      $ mdata runs --version v1
      #2  2026-01-01T00:00  2 steps  loss N → N  tiny
          on #1 (v1): saw 4 of 4 records
      $ mdata runs --version main
      No runs on main yet. Next: `mdata train REV --model DIR --out DIR`
      $ mdata show v1
      #1  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      snapshot  #3/64
      changed   4 added, 0 edited, 0 removed
      batches   1
        #4  4 rows  first.jsonl
      $ mdata blame #4:1
      #4:1  Name one cause of fever.
        batch     #4  first.jsonl  4 rows
        file      first.jsonl, line 1
        teacher   claude
        prompt    answer.md
        seeds     s1
        score     quality = 4.5
        licence   CC0-1.0
        added     #1  2026-01-01  A Tester <tester@localhost>  First
        seen by   run #2  2026-01-01  tiny
      $ mdata train HEAD --model out --out again --steps 1 --records 2 --quiet
      Trained 1 step: loss N → N; 2 of 6 records seen
      Wrote again, recorded as run #5
      $ mdata pin v1
      Pinned #1 (4 records) in mdata.lock
      Next: `mdata checkout --locked -o FILE` or `mdata train --locked --model DIR --out DIR`
      $ mdata train --locked --model tiny --out third --epochs 1 --batch 4
      Training on 4 records of #1, 123,840 parameters, 1 step
      step 1  loss N  N tokens/s
      Trained 1 step: loss N → N; 4 of 4 records seen
      Wrote third, recorded as run #6
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
      #2  2026-01-01T00:00  2 steps  loss N → N  tiny
          on #1 (v1): saw 4 of 4 records
      #5  2026-01-01T00:00  1 step  loss N → N  out
          on #7 (HEAD): saw 2 of 6 records
      #6  2026-01-01T00:00  1 step  loss N → N  tiny
          on #1 (mdata.lock): saw 4 of 4 records
      """#)
    let one = try await repository.run("runs", "show", String(run))
    #expect(one.stdout.contains("  seq_len          128\n") && one.stdout.contains("1-4"), "\(one)")
  }

  @Test func theSameTrainingGivesTheSameModel() async throws {
    let repository = try await Sample.model()
    for threads in ["1", "2"] {
      try await repository.run(
        "train", "v1", "--model", "tiny", "--out", "t\(threads)", "--steps", "2", "--seed", "3", "--threads",
        threads)
    }
    #expect(try repository.bytes("t1/model.safetensors") == repository.bytes("t2/model.safetensors"))
  }
}
