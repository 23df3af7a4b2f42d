import Testing

/// What taking back, and tidying up, say.
@Suite struct UndoTests {
  @Test func takesBackAndBringsAgain() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata add first.jsonl --name again.jsonl --quiet
      $ mdata op log
      * 5  2026-01-01 00:00  add again.jsonl
        4  2026-01-01 00:01  commit: Second
        3  2026-01-01 00:00  make branch side
        2  2026-01-01 00:00  make tag v1
        1  2026-01-01 00:00  commit: First
      $ mdata undo
      Undid operation 5: add again.jsonl
        staged  0 batches
      This is operation 6. Next: `mdata op log`
      $ mdata undo --json
      {"operation":7,"references":[{"from":"#1/40","reference":"refs/heads/main","to":"#2/40"}],"runs_retracted":[],"runs_returned":[],"schema":"mdata.undo/v1","staged":null,"target":{"current":false,"description":"commit: Second","digest":"#3/64","number":4,"time":"2026-01-01T00:01:00Z","undone":true,"verb":"commit"}}
      $ mdata undo
      Undid operation 3: make branch side
        side  #2 → none
      This is operation 8. Next: `mdata op log`
      $ mdata redo
      Redid operation 3: make branch side
        side  none → #2
      This is operation 9. Next: `mdata op log`
      $ mdata op log -n 3
        9  2026-01-01 00:00  redo 3: make branch side
        8  2026-01-01 00:00  undo 3: make branch side
        7  2026-01-01 00:00  undo 4: commit: Second
      $ mdata op restore 1
      Restored the state after operation 1: commit: First
        side  #2 → none
        v1  #2 → none
      This is operation 10. Next: `mdata op log`
      $ mdata op restore 1
      Everything is as after operation 1: commit: First
      $ mdata op restore 99
      error: There is no operation 99; the newest is 10
      hint: `mdata op log` lists them
      [exit 66]
      $ mdata op restore x
      error: the value `x` is invalid for `<operation>`
      hint: the form is `mdata op restore <operation>`
      hint: see `mdata op restore --help`
      [exit 64]
      $ mdata undo
      Undid operation 10: op restore 1: commit: First
        side  none → #2
        v1  none → #2
      This is operation 11. Next: `mdata op log`
      $ mdata redo
      Redid operation 10: op restore 1: commit: First
        side  #2 → none
        v1  #2 → none
      This is operation 12. Next: `mdata op log`
      $ mdata redo
      error: There is nothing to redo: nothing was undone since the last change
      hint: `mdata op log` lists what was done
      [exit 1]
      """#)
  }

  @Test func nothingToTakeBack() async throws {
    let repository = try await TestRepository()
    try await repository.check(
      #"""
      $ mdata undo
      error: There is nothing left to undo
      hint: `mdata op log` lists what was done
      [exit 1]
      $ mdata redo
      error: There is nothing to redo: nothing was undone since the last change
      hint: `mdata op log` lists what was done
      [exit 1]
      $ mdata op log
      Nothing has been done yet
      $ mdata op restore 1
      error: There is no operation 1: nothing has been done yet
      hint: `mdata op log` lists them
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func collects() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata gc --grace 14
      error: the value `14` is invalid for `--grace <duration>`
      hint: the form is `mdata gc [--dry-run] [--aggressive] [--grace <duration>]`
      hint: see `mdata gc --help`
      [exit 64]
      $ mdata gc --grace -1d
      error: the value `-1d` is invalid for `--grace <duration>`
      hint: the form is `mdata gc [--dry-run] [--aggressive] [--grace <duration>]`
      hint: see `mdata gc --help`
      [exit 64]
      """#, changesNothing: true)
    try await repository.run("tag", "-d", "v1")
    try await repository.run("branch", "-d", "side")
    let plan = try await repository.run("gc", "--dry-run", "--grace", "0")
    #expect(plan.stdout.hasPrefix("packs    2 → 2\nbytes    "))
    #expect(plan.stdout.contains("dropped  0 objects"))
    #expect(
      plan.stdout.hasSuffix("Operations up to 6 are not kept for `mdata undo`\nNothing was changed\n"))
    try await repository.run("undo")
    try await repository.run("op", "restore", "2")
    #expect(try await repository.run("gc", "--aggressive", "--grace", "0").code == 0)
    // When operation 2 was done there was the first version alone: nothing keeps the second.
    try await repository.check(
      #"""
      $ mdata log
      #1  (main, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      $ mdata op restore 5
      error: Operation 5 is older than what `mdata gc` keeps, and the version it would bring back is gone
      hint: `mdata op log` lists the operations; `mdata gc --grace` sets how long they can be undone
      [exit 66]
      $ mdata undo
      error: Operation 8 is older than what `mdata gc` keeps, and the version it would bring back is gone
      hint: `mdata op log` lists the operations; `mdata gc --grace` sets how long they can be undone
      [exit 66]
      """#)
  }
}
