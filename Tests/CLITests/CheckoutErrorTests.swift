import Testing

/// What a mistake at `checkout` answers, and a lock file that does not hold. After every one of these commands
/// every file is as it was.
@Suite struct CheckoutErrorTests {
  @Test func checkingOut() async throws {
    let repository = try await Sample.versions()
    try repository.write("folder/x", "")
    try repository.write(
      "talk.jsonl",
      #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}"#
        + "\n")
    try await repository.run("commit", "talk.jsonl", "-m", "Talk")
    try await repository.check(
      #"""
      $ mdata checkout v1 -o no/out.jsonl
      error: there is no folder `$PLACE/no`
      hint: make it first: `mkdir -p $PLACE/no`
      [exit 66]
      $ mdata checkout v1 -o folder
      error: `$PLACE/folder` is a folder
      hint: give the name of a file
      [exit 64]
      $ mdata checkout v1 -o ''
      error: `$PLACE/` is a folder
      hint: give the name of a file
      [exit 64]
      $ mdata checkout v1 -o out.jsonl --format shargpt
      error: there is no format `shargpt`
      hint: did you mean `sharegpt`?
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata checkout v1 -o out.jsonl --format openai
      error: there is no format `openai`
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata checkout HEAD -o out.csv --format csv
      error: record `#1/24:1`: the pair has earlier turns, which csv cannot hold; export as messages or sharegpt
      [exit 65]
      $ mdata checkout --locked -o out.jsonl
      error: there is no `mdata.lock` here
      hint: `mdata pin` writes it
      [exit 66]
      $ mdata train --locked --model tiny --out out
      error: there is no `mdata.lock` here
      hint: `mdata pin` writes it
      [exit 66]
      """#, changesNothing: true)
  }

  /// A column with the name of a part of the pair, which only rows of another layout can have.
  @Test func columnsWithoutRoom() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "talk.jsonl",
      #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"instruction":"Be brief."}"#
        + "\n")
    try await repository.check(
      #"""
      $ mdata checkout v1 -o out.jsonl --format prompt-completion
      error: record `#1:1` has a column `prompt`, which is the name of a part of the pair in prompt-completion
      hint: `--format alpaca-json`, `--format alpaca-jsonl`, `--format csv` or `--format tsv` has room for all records of this version
      [exit 65]
      """#, changesNothing: true)
    try await repository.run("switch", "side")
    try await repository.run("commit", "talk.jsonl", "-m", "Talk", environment: ["MDATA_NOW": "1767225660"])
    try await repository.check(
      #"""
      $ mdata checkout HEAD -o out.jsonl
      error: record `#2:1` has a column `instruction`, which is the name of a part of the pair in alpaca-jsonl
      hint: no format has room for all records of this version: choose those that go together, as with `mdata select --where "batch <> '#2'" --branch NAME`
      [exit 65]
      $ mdata checkout HEAD -o -
      error: record `#2:1` has a column `instruction`, which is the name of a part of the pair in alpaca-jsonl
      hint: no format has room for all records of this version: choose those that go together, as with `mdata select --where "batch <> '#2'" --branch NAME`
      [exit 65]
      $ mdata pin
      error: record `#2:1` has a column `instruction`, which is the name of a part of the pair in alpaca-jsonl
      hint: no format has room for all records of this version: choose those that go together, as with `mdata select --where "batch <> '#2'" --branch NAME`
      [exit 65]
      $ mdata blame #1:1 --map instruction=question
      error: `--map` belongs to a file
      hint: the form is `mdata blame [<target>] [<revision>] [--line <line>] [--format <format>] [--map <field=column> ...] [--text <words>]`
      hint: see `mdata blame --help`
      [exit 64]
      """#, changesNothing: true)
  }

  @Test func lockFiles() async throws {
    let repository = try await Sample.versions()
    try await repository.run("pin", "v1")
    let lock = try repository.text("mdata.lock")
    let digest = try #require(lock.firstMatch(of: /"sha256": "([0-9a-f]+)"/)?.1)
    let commit = try #require(lock.firstMatch(of: /"commit": "([0-9a-f]+)"/)?.1)
    let altered: [(String, String)] = [
      ("not JSON", "{"), ("empty", ""), ("another schema", lock.replacing("lock/v1", with: "lock/v9")),
      ("another digest", lock.replacing(digest, with: String(repeating: "0", count: 64))),
      ("other records", lock.replacing("\"records\": 4", with: "\"records\": 5")),
      ("another repository", lock.replacing(commit, with: String(repeating: "ab", count: 20))),
      ("not a commit", lock.replacing(commit, with: "main")),
      ("one member more", lock.replacing("\"records\": 4", with: "\"records\": 4,\n  \"extra\": 1")),
    ]
    var answers = ""
    for (name, text) in altered {
      try repository.write("mdata.lock", text)
      let before = try repository.files()
      let output = try await repository.run("checkout", "--locked", "-o", "out.jsonl")
      #expect(try repository.files() == before)
      answers += "\(name):\n\(repository.shown(output.text))"
    }
    try Snapshot.compare(
      answers,
      with: #"""
        not JSON:
        error: mdata.lock: this lock is not JSON: line 1, column 2 (byte 1): the text ends inside an object
        hint: restore the file, or pin again with `mdata pin`
        [exit 65]
        empty:
        error: mdata.lock: this lock is not JSON: line 1, column 1 (byte 0): there is no JSON value
        hint: restore the file, or pin again with `mdata pin`
        [exit 65]
        another schema:
        error: mdata.lock: 'schema' of this lock is invalid: it is 'mdata.lock/v9' where this version of mdata reads 'mdata.lock/v1'
        hint: restore the file, or pin again with `mdata pin`
        [exit 65]
        another digest:
        error: the exported file has digest #1/64 with 4 rows, and mdata.lock pins #2/64 with 4
        hint: the lock file was altered, or another version of mdata writes this format differently
        [exit 65]
        other records:
        error: mdata.lock does not match commit `#3/40`: it names snapshot #4/64 of 5 records, the commit has #4/64 of 4
        hint: the lock file was altered: restore it, or pin again with `mdata pin`
        [exit 65]
        another repository:
        error: this repository does not have the pinned commit `#5/40`
        hint: the lock file belongs to another repository, or is newer than this one
        [exit 66]
        not a commit:
        error: mdata.lock: 'commit' of this lock must be a git commit id of 40 or 64 lower-case hex digits
        hint: restore the file, or pin again with `mdata pin`
        [exit 65]
        one member more:
        error: mdata.lock: 'extra' of this lock is unknown to this version of mdata
        hint: restore the file, or pin again with `mdata pin`
        [exit 65]
        """#)
  }
}
