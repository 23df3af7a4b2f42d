import Testing

/// What `show`, `log`, `diff`, `blame`, `cat` and `runs` answer when asked for what is not there. After every one
/// of these commands every file is as it was.
@Suite struct RevisionErrorTests {
  @Test func revisions() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata log nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show mian
      error: `mian` is not a version: there is no such branch, tag or commit
      hint: did you mean `main`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show v2
      error: `v2` is not a version: there is no such branch, tag or commit
      hint: did you mean `v1`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show sdie
      error: `sdie` is not a version: there is no such branch, tag or commit
      hint: did you mean `side`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show HEAD~9
      error: `HEAD~9` is not a version: commit #1 has 0 parents
      hint: `mdata log` lists versions with those before them
      [exit 66]
      $ mdata show HEAD~x
      error: `HEAD~x` is not a version: only `~n` and `^n` may follow a name
      hint: `mdata log` lists versions with those before them
      [exit 66]
      $ mdata show HEAD^2
      error: `HEAD^2` is not a version: commit #2 has 1 parent
      hint: `mdata log` lists versions with those before them
      [exit 66]
      $ mdata show ''
      error: `` is not a version: it is empty
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show abcdef0
      error: `abcdef0` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show v1..main
      error: `v1..main` is not a version: there is no such branch, tag or commit
      hint: one version is asked for; `mdata diff v1..main` and `mdata log v1..main` take two
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata diff ..nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata diff v1...nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata diff v1 nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata audit nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata pin nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata runs --version nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata checkout nope -o out.jsonl
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata train nope --model tiny --out out
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata tag v2 nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata branch b nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func idsOfRecordsAndObjects() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata show v1
      #1  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      snapshot  #2/64
      changed   4 added, 0 edited, 0 removed
      batches   1
        #3  4 rows  first.jsonl
      $ mdata blame nope
      error: cannot open `$PLACE/nope`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      hint: a record is written `#4:42`, a pair by at least four hex digits of its id
      [exit 66]
      $ mdata blame 000:1
      error: cannot open `$PLACE/000:1`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      hint: a record is written `#4:42`, a pair by at least four hex digits of its id
      [exit 66]
      $ mdata blame 00000000:1
      error: no batch begins with `#5`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata blame zzzz:1
      error: cannot open `$PLACE/zzzz:1`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      hint: a record is written `#4:42`, a pair by at least four hex digits of its id
      [exit 66]
      $ mdata blame a:b:c
      error: cannot open `$PLACE/a:b:c`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      hint: a record is written `#4:42`, a pair by at least four hex digits of its id
      [exit 66]
      $ mdata blame 3fa9c1e2:0
      error: `#4:0` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame 3fa9c1e2:-1
      error: cannot open `$PLACE/#4:-1`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      hint: a record is written `#4:42`, a pair by at least four hex digits of its id
      [exit 66]
      $ mdata blame 3fa9c1e2:99999999999
      error: `#4:#6` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame #3:5
      error: there is no record `#3:5`: its batch has 4 rows
      hint: rows count from 1; `mdata diff` prints record ids
      [exit 66]
      $ mdata blame #3:1 nope
      error: `nope` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata cat zz
      error: `zz` is not the id of an object: it is not 4 to 64 hex digits
      hint: `mdata show` and `mdata blame --json` print object ids
      [exit 64]
      $ mdata cat abc
      error: `abc` is not the id of an object: it is not 4 to 64 hex digits
      hint: `mdata show` and `mdata blame --json` print object ids
      [exit 64]
      $ mdata cat 00000000
      error: there is no object `#5`
      hint: `mdata show` and `mdata blame --json` print object ids
      [exit 66]
      $ mdata cat 0000:1
      error: no batch begins with `0000`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata cat #3:5
      error: HEAD has no record `#3:5`
      hint: `mdata blame #3:5` tells what became of it
      [exit 66]
      $ mdata runs show nope
      error: there is no run and no folder `nope`
      hint: `mdata runs` lists runs
      [exit 66]
      $ mdata runs show 00000000
      error: there is no run `#5`
      hint: `mdata runs` lists runs
      [exit 66]
      $ mdata runs show #3
      error: `#3` is a batch, not a run
      hint: `mdata runs` lists runs
      [exit 66]
      """#, changesNothing: true)
  }
}
