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

  @Test func planNeedsNoFolder() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --out no --dry-run --threads 2 --seq-len 128 --batch 2
      version          #1  4 records
      template         alpaca
      parameters       123,840, 123,840 trained
      steps            2
      micro-batch      184 tokens at most
      memory
        weights        0 MiB
        gradients      0 MiB
        moments        1 MiB
        activations    2 MiB
        workspace      21 MiB
        records        0 MiB
        in all         25 MiB
        to be had      N MiB
      $ mdata train v1 --model tiny --out no --dry-run --threads 2 --seq-len 128 --validation HEAD --lora 4 --json
      {"commit":"#1","held_out":6,"held_out_seen":4,"memory":{"activations":3811648,"available":#2,"gradients":36992,"moments":73984,"records":5656,"total":#3,"weights":532352,"workspace":#4},"parameters":123840,"records":4,"schema":"mdata.train-plan/v1","steps":1,"steps_done":0,"template":"alpaca","tokens":311,"trained":9248}
      """#, changesNothing: true)
  }

  @Test func trainsAnAdapter() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --out adapter --steps 2 --batch 2 --seq-len 128 --lora 4 --lora-dropout 0.1 --recompute
      Training on 4 records of #1, 123,840 parameters (9,248 trained), 2 steps
      step 1  loss N  N tokens/s
      step 2  loss N  N tokens/s
      Trained 2 steps: loss N → N; 4 of 4 records seen
      Wrote adapter, recorded as run #2
      $ mdata train v1 --model tiny --out adapter --steps 2 --batch 2 --seq-len 128 --lora 4 --resume
      error: `adapter` holds a model already, and no training that was stopped
      hint: give another `--out`, or remove it first
      [exit 64]
      $ mdata train v1 --model tiny --out merged --steps 2 --batch 2 --seq-len 128 --lora 4 --lora-modules q_proj,v_proj --merge-adapter --quiet
      Trained 2 steps: loss N → N; 4 of 4 records seen
      Wrote merged, recorded as run #3
      $ mdata train v1 --model adapter --out more
      error: cannot open $PLACE/adapter/config.json: No such file or directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      """#)
    let listed = try await repository.shell("ls adapter")
    #expect(listed.stdout == "adapter_config.json\nadapter_model.safetensors\nmetrics.jsonl\n")
    let shown = try await repository.run("runs", "show", "adapter")
    #expect(shown.stdout.contains("adapter: model as recorded, metrics.jsonl as recorded"), "\(shown)")
    let config = try repository.text("adapter/adapter_config.json")
    #expect(config.contains("\"r\": 4,") && config.contains("\"lora_alpha\": 8,"))
    #expect(config.contains("\"base_model_name_or_path\": \"tiny\""))
    let merged = try repository.bytes("merged/model.safetensors")
    #expect(try merged.count == repository.bytes("tiny/model.safetensors").count)
    #expect(try merged != repository.bytes("tiny/model.safetensors"))
  }

  @Test func measuresWhatIsHeldOut() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --out out --steps 3 --batch 2 --seq-len 128 --validation HEAD --eval-every 2
      Training on 4 records of #1, 123,840 parameters, 3 steps
      note: 4 of the 6 held-out records are trained on too
      step 0  held-out loss N
      step 1  loss N  N tokens/s
      step 2  loss N  N tokens/s
      step 2  held-out loss N
      step 3  loss N  N tokens/s
      step 3  held-out loss N
      Trained 3 steps: loss N → N; 4 of 4 records seen
      Held-out loss N → N
      Wrote out, recorded as run #2
      $ mdata train v1 --model tiny --out early --steps 9 --batch 2 --seq-len 128 --lr 30 --clip 0 --warmup 0 --validation HEAD --eval-every 1 --patience 1
      Training on 4 records of #1, 123,840 parameters, 9 steps
      note: 4 of the 6 held-out records are trained on too
      step 0  held-out loss N
      step 1  loss N  N tokens/s
      step 1  held-out loss N
      Trained 1 step: loss N → N; 2 of 4 records seen
      Held-out loss N → N; stopped early, with the best weights
      Wrote early, recorded as run #3
      """#)
    let shown = try await repository.run("runs", "show", "out", "--json")
    #expect(
      shown.stdout.contains(#""held_out":[{"loss":"#) && shown.stdout.contains(#""validation":{"after":"#),
      "\(shown)")
    let page = try await repository.run("runs", "show", "out")
    #expect(
      page.stdout.contains("held out ") && page.stdout.contains(" after step 3, 6 records of "), "\(page)")
    let metrics = try repository.text("out/metrics.jsonl").split(separator: "\n")
    #expect(metrics.count { $0.contains("\"validation_loss\":") } == 3 && metrics.count == 6)
    // The weights of the best measurement, which was the one before the first step.
    #expect(try repository.bytes("early/model.safetensors") == repository.bytes("tiny/model.safetensors"))
    #expect(!repository.exists("early/checkpoint"))
  }

  /// The same numbers in another format are the same training.
  @Test func trainsOnAGGUFFile() async throws {
    let repository = try await Sample.model()
    try await repository.run("model", "convert", "tiny", "tiny.gguf", "--type", "f32")
    func train(_ model: String, _ out: String) async throws {
      let run = try await repository.run(
        "train", "v1", "--model", model, "--out", out, "--steps", "3", "--seq-len", "128", "--quiet")
      #expect(run.code == 0, "\(run)")
    }
    try await train("tiny", "a")
    try await train("tiny.gguf", "b")
    #expect(try repository.bytes("a/model.safetensors") == repository.bytes("b/model.safetensors"))
    // What comes out is a model to go on with.
    try await train("b", "c")
  }

  /// Killed as soon as there is a checkpoint, and gone on with: the same weights. `oracles/resume.py` kills at random.
  @Test func goesOnWithATrainingThatWasKilled() async throws {
    let repository = try await Sample.model()
    let arguments = [
      "train", "v1", "--model", "tiny", "--epochs", "60", "--batch", "1", "--seq-len", "128", "--quiet",
    ]
    try await repository.run(arguments + ["--out", "whole"])
    let killed = try await repository.shell(
      """
      mdata \(arguments.joined(separator: " ")) --out parts --checkpoint-every 5 & training=$!
      until [ -e parts/checkpoint/checkpoint.json ]; do sleep 0.01; done
      kill -9 $training; wait $training; echo "ended with $?"
      """)
    #expect(killed.stdout.contains("ended with 137"), "\(killed)")
    try await repository.check(
      #"""
      $ mdata train v1 --model tiny --epochs 60 --batch 1 --seq-len 128 --quiet --out parts
      error: `parts` holds a training that was stopped
      hint: go on with it with `--resume`, or give another `--out`
      [exit 64]
      $ mdata train v1 --model tiny --epochs 61 --batch 1 --seq-len 128 --quiet --out parts --resume
      error: the training in `parts` had 60 for `epochs`, and this one 61
      hint: go on with the same version, model and options, or give another `--out`
      [exit 64]
      $ mdata train HEAD --model tiny --epochs 60 --batch 1 --seq-len 128 --quiet --out parts --resume
      error: the training in `parts` had "#1/40" for `commit`, and this one "#2/40"
      hint: go on with the same version, model and options, or give another `--out`
      [exit 64]
      $ mdata train v1 --model tiny --epochs 60 --batch 1 --seq-len 128 --quiet --out parts --resume
      Trained 240 steps: loss N → N; 4 of 4 records seen
      Wrote parts, recorded as run #3
      """#)
    #expect(try repository.bytes("parts/model.safetensors") == repository.bytes("whole/model.safetensors"))
    #expect(!repository.exists("parts/checkpoint"))
  }

  /// Killed after the run was recorded and before the checkpoint went away: there is nothing left to train.
  @Test func aFinishedTrainingIsNotRecordedTwice() async throws {
    let repository = try await Sample.model()
    let arguments = [
      "train", "v1", "--model", "tiny", "--epochs", "60", "--batch", "1", "--seq-len", "128", "--quiet",
      "--out",
      "out",
    ]
    let stopped = try await repository.shell(
      """
      mdata \(arguments.joined(separator: " ")) --checkpoint-every 5 & training=$!
      until [ -e out/checkpoint/checkpoint.json ]; do sleep 0.01; done
      kill -9 $training; wait $training; cp -r out/checkpoint kept
      """)
    #expect(stopped.code == 0)
    try await repository.run(arguments + ["--resume"])
    let model = try repository.bytes("out/model.safetensors")
    try await repository.shell("mv kept out/checkpoint")
    let again = try await repository.run(arguments + ["--resume"])
    #expect(again.code == 0 && again.stdout.contains("Trained 240 steps"), "\(again)")
    #expect(try !repository.exists("out/checkpoint") && repository.bytes("out/model.safetensors") == model)
    let runs = try await repository.run("runs")
    #expect(runs.stdout.split(separator: "\n").count { $0.contains("240 steps") } == 1, "\(runs)")
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
