import Glibc
import Testing

/// What every verb answers where there is no repository, or nobody may write to it. After every one of these
/// commands every file is as it was.
@Suite struct RepositoryErrorTests {
  @Test func outsideARepository() async throws {
    let repository = try await TestRepository(initialised: false)
    try repository.write("first.jsonl", Sample.first)
    try await repository.check(
      #"""
      $ mdata status
      error: no repository here: $PLACE
      hint: make one with `mdata init`
      [exit 66]
      $ mdata add first.jsonl
      error: no repository here: $PLACE
      hint: make one with `mdata init`
      [exit 66]
      $ mdata commit first.jsonl -m First
      error: no repository here: $PLACE
      hint: make one with `mdata init`
      [exit 66]
      $ mdata log --json
      {"causes":[],"code":66,"hints":["make one with `mdata init`"],"message":"no repository here: $PLACE","schema":"mdata.error/v1"}
      [exit 66]
      $ mdata train main --model tiny --out out
      error: no repository here: $PLACE
      hint: make one with `mdata init`
      [exit 66]
      $ mdata -C nowhere log
      error: there is no folder `$PLACE/nowhere`
      hint: give `-C` the path of a folder that exists
      [exit 66]
      $ mdata init first.jsonl
      error: `first.jsonl` is a file
      hint: give the name of a folder, new or existing
      [exit 64]
      $ mdata init no/where
      error: there is no folder `no` to make `no/where` in
      hint: make it first: `mkdir -p no`
      [exit 66]
      $ mdata init first.jsonl/x
      error: `first.jsonl` is a file
      hint: give the name of a folder, new or existing
      [exit 64]
      """#, changesNothing: true)
  }

  @Test func beforeTheFirstVersion() async throws {
    let repository = try await Sample.files()
    try await repository.check(
      #"""
      $ mdata show
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata diff HEAD
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata checkout HEAD -o out.jsonl
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata tag v1
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata branch side
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata switch --create side
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata pin
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata audit
      error: there is no version yet
      hint: make one with `mdata commit FILE -m MESSAGE`
      [exit 66]
      $ mdata commit -m 'Nothing is staged'
      error: nothing is staged
      hint: stage files with `mdata add FILE`, or commit them in one go with `mdata commit FILE -m MESSAGE`
      [exit 1]
      $ mdata commit --sync first.jsonl -m Sync
      error: there is no version to compare with yet
      hint: begin with `mdata commit FILE -m MESSAGE`, without --sync
      [exit 66]
      $ mdata commit --update first.jsonl --key id -m Update
      error: there is no version to compare with yet
      hint: begin with `mdata commit FILE -m MESSAGE`, without --update
      [exit 66]
      $ mdata checkout --locked -o out.jsonl
      error: there is no `mdata.lock` here
      hint: `mdata pin` writes it
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func nobodyIsNamed() async throws {
    let repository = try await Sample.versions()
    try repository.write("more.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try await repository.check(
      #"""
      $ MDATA_AUTHOR_NAME= mdata commit more.jsonl -m More
      error: nobody is named as the author
      hint: `git config --global user.name NAME` and `git config --global user.email ADDRESS`
      [exit 78]
      $ MDATA_AUTHOR_EMAIL= mdata tag v9
      error: nobody is named as the author
      hint: `git config --global user.name NAME` and `git config --global user.email ADDRESS`
      [exit 78]
      """#, changesNothing: true)
  }

  @Test func somebodyElseIsWriting() async throws {
    let repository = try await Sample.versions()
    try repository.write("more.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    let descriptor = open(repository.path(".mdata/lock"), O_RDWR | O_CREAT, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try await repository.check(
      #"""
      $ mdata log -n 1 --quiet
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      $ mdata tag v9
      error: $PLACE/.mdata/lock is held by another process: wait for it to end and try again
      [exit 75]
      """#, changesNothing: true)
  }

  /// As root every file can be written, whatever its mode says.
  @Test(.enabled(if: geteuid() != 0, "runs as root, whom no mode stops")) func readOnly() async throws {
    let repository = try await Sample.versions()
    try repository.write("more.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try await repository.shell(
      "find .mdata -type d -exec chmod a-w {} + && find .mdata -type f -exec chmod a-w {} +")
    let output = try await repository.run("commit", "more.jsonl", "-m", "More")
    #expect(output.code == 77, "\(output.text)")
    #expect(output.stderr.contains("hint: look at the permissions of"))
    try await repository.shell("chmod -R u+w .mdata")
  }
}
