import Testing

@Suite struct PickTests {
  @Test func picksAndReverts() async throws {
    let repository = try await Sample.versions()
    try await repository.run("switch", "side")
    try repository.write(
      "fix.jsonl", #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No."}"# + "\n")
    try await repository.run("commit", "--update", "fix.jsonl", "--key", "id", "-m", "Shorter")
    try await repository.run("switch", "main")
    try await repository.check(
      #"""
      $ MDATA_AUTHOR_NAME='B Tester' MDATA_NOW=1767229200 mdata cherry-pick side
                1  right: changed by them
      Picked as #1 on main: 0 added, 1 edited, 0 removed; 6 records now
      $ mdata log -n 1
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
        committed by B Tester <tester@localhost>  2026-01-01 01:00 +0000
          Shorter
          
          (cherry picked from commit #2/40)

      $ mdata show --json
      {"added":0,"author":"A Tester <tester@localhost>","batches":[{"batch":"#3","license":null,"name":"first.jsonl","rows":4,"teacher":null},{"batch":"#4","license":null,"name":"fix.jsonl","rows":1,"teacher":null},{"batch":"#5","license":null,"name":"second.csv","rows":2,"teacher":null}],"commit":"#1/40","committed":"2026-01-01T01:00:00Z","committer":"B Tester <tester@localhost>","edited":1,"message":"Shorter\n\n(cherry picked from commit #2/40)","names":["main"],"parents":["#6/40"],"records":6,"removed":0,"schema":"mdata.show/v1","snapshot":"#7/64","tag":null,"time":"2026-01-01T00:00:00Z"}
      $ mdata log --record #3:3 -n 1
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
        committed by B Tester <tester@localhost>  2026-01-01 01:00 +0000
          Shorter
          
          (cherry picked from commit #2/40)

      ~ #3:3  Is aspirin an antibiotic?
          output: No.[- It eases pain and lowers fever.-]

      $ MDATA_AUTHOR_NAME='B Tester' MDATA_NOW=1767232800 mdata revert HEAD
                1  right: changed by them
      Reverted as #8 on main: 0 added, 1 edited, 0 removed; 6 records now
      $ mdata log -n 1
      #8  (main)
        B Tester <tester@localhost>  2026-01-01 02:00 +0000  6 records
          Revert "Shorter"
          
          This reverts commit #1/40.

      $ mdata undo
      Undid operation 9: revert HEAD
        main  #8 → #1
      This is operation 10. Next: `mdata op log`
      """#)
    #expect(try await repository.run("fsck").code == 0)
  }
}
