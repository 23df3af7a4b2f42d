import Foundation
import Glibc
import Testing

/// What a mistake at each verb answers. After every one of these commands every file is as it was.
@Suite struct ErrorTests {
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
      $ mdata diff v1..main
      error: `v1..main` is not a version: there is no such branch, tag or commit
      hint: versions are written apart, as in `mdata diff v1 main`
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata diff ..side
      error: `..side` is not a version: there is no such branch, tag or commit
      hint: versions are written apart, as in `mdata diff HEAD side`
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
      error: `nope` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame 000:1
      error: `000:1` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame 00000000:1
      error: no batch begins with `#5`
      hint: `mdata show` lists the batches of a version
      [exit 66]
      $ mdata blame zzzz:1
      error: `zzzz:1` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame a:b:c
      error: `a:b:c` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame 3fa9c1e2:0
      error: `#4:0` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
      $ mdata blame 3fa9c1e2:-1
      error: `#4:-1` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #4:42
      [exit 64]
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
      $ mdata runs nope
      error: `nope` is not the id of a run: it is not 4 to 64 hex digits
      hint: `mdata runs` lists runs
      [exit 64]
      $ mdata runs 00000000
      error: there is no run `#5`
      hint: `mdata runs` lists runs
      [exit 66]
      $ mdata runs #3
      error: `#3` is a batch, not a run
      hint: `mdata runs` lists runs
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func options() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata --bogus
      error: unknown option `--bogus`
      hint: the form is `mdata <subcommand>`
      hint: see `mdata --help`
      [exit 64]
      $ mdata log --bogus
      error: unknown option `--bogus`
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log --limt 3
      error: unknown option `--limt`
      hint: did you mean `--limit`?
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log -n x
      error: the value `x` is invalid for `-n <count>`
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log -n -1
      error: `-n` must not be negative
      [exit 64]
      $ mdata log -n
      error: missing value for `-n <count>`
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log a b
      error: unexpected argument `b`
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata log --color sometimes
      error: `--color sometimes` is not one of auto, always, never
      hint: the form is `mdata log [<revision>] [--limit <count>]`
      hint: see `mdata log --help`
      [exit 64]
      $ mdata diff
      error: missing expected argument `<from>`
      hint: the form is `mdata diff <from> [<to>] [--stat] [--exit-code]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata diff v1 main side
      error: unexpected argument `side`
      hint: the form is `mdata diff <from> [<to>] [--stat] [--exit-code]`
      hint: see `mdata diff --help`
      [exit 64]
      $ mdata blame
      error: missing expected argument `<record>`
      hint: the form is `mdata blame <record> [<revision>]`
      hint: see `mdata blame --help`
      [exit 64]
      $ mdata cat
      error: missing expected argument `<object>`
      hint: the form is `mdata cat <object>`
      hint: see `mdata cat --help`
      [exit 64]
      $ mdata switch
      error: missing expected argument `<branch>`
      hint: the form is `mdata switch <branch> [--create]`
      hint: see `mdata switch --help`
      [exit 64]
      $ mdata add
      error: missing expected argument `<files> ...`
      hint: the form is `mdata add [<options>] <files> ...`
      hint: see `mdata add --help`
      [exit 64]
      $ mdata commit first.jsonl
      error: missing expected argument `--message <message>`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit -m
      error: missing value for `-m <message>`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit first.jsonl -m ''
      error: the message is empty
      hint: say what this version is: `-m "First batch"`
      [exit 64]
      $ mdata commit first.jsonl -m ' '
      error: the message is empty
      hint: say what this version is: `-m "First batch"`
      [exit 64]
      $ mdata checkout v1
      error: missing expected argument `--output <file>`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout -o x
      error: give either a version or `--locked`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout v1 --locked -o x
      error: give either a version or `--locked`
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata checkout --locked --format csv -o x
      error: `--locked` fixes the format: leave `--format` out
      hint: the form is `mdata checkout [<revision>] --output <file> [--format <format>] [--locked]`
      hint: see `mdata checkout --help`
      [exit 64]
      $ mdata commit first.jsonl --sync second.csv -m x
      error: give files, `--sync` or `--update`, not several of them
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --sync first.jsonl --update second.csv -m x
      error: give files, `--sync` or `--update`, not several of them
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --key id -m x
      error: `--key` belongs to `--update`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit first.jsonl --dry-run -m x
      error: `--dry-run` belongs to `--sync` and `--update`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit -m x --license MIT
      error: `--license` belongs to a file, and what is staged was read already: give it to `mdata add`
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata commit --sync first.jsonl --skip-invalid r.jsonl -m x
      error: `--skip-invalid` cannot go with `--sync`: a row left out would count as removed or unchanged
      hint: correct the malformed rows first
      [exit 64]
      $ mdata commit --update first.jsonl --key id --skip-invalid r.jsonl -m x
      error: `--skip-invalid` cannot go with `--update`: a row left out would count as removed or unchanged
      hint: correct the malformed rows first
      [exit 64]
      $ mdata branch --delete
      error: `--delete` needs the name of a branch
      hint: the form is `mdata branch [<name>] [<revision>] [--delete]`
      hint: see `mdata branch --help`
      [exit 64]
      $ mdata tag --delete
      error: `--delete` needs the name of a tag
      hint: the form is `mdata tag [<name>] [<revision>] [--delete]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata train
      error: missing expected argument `--model <dir>`
      hint: the form is `mdata train [<options>] [<revision>] --model <dir> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny
      error: missing expected argument `--out <dir>`
      hint: the form is `mdata train [<options>] [<revision>] --model <dir> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train --model tiny --out out
      error: give either a version or `--locked`
      hint: the form is `mdata train [<options>] [<revision>] --model <dir> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata model new
      error: missing expected argument `<folder>`
      hint: the form is `mdata model new <folder> [--seed <n>]`
      hint: see `mdata model new --help`
      [exit 64]
      $ mdata log --json --bogus
      {"causes":[],"code":64,"hints":["the form is `mdata log [<revision>] [--limit <count>]`","see `mdata log --help`"],"message":"unknown option `--bogus`","schema":"mdata.error/v1"}
      [exit 64]
      $ mdata show nope --json
      {"causes":[],"code":66,"hints":["`mdata log`, `mdata branch` and `mdata tag` list versions"],"message":"`nope` is not a version: there is no such branch, tag or commit","schema":"mdata.error/v1"}
      [exit 66]
      """#, changesNothing: true)
  }

  @Test func namesOfBranchesAndTags() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata branch -x
      error: unknown option `-x`
      hint: the form is `mdata branch [<name>] [<revision>] [--delete]`
      hint: see `mdata branch --help`
      [exit 64]
      $ mdata branch -- -x
      error: `-x` cannot be a name: a part begins with `-`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch a..b
      error: `a..b` cannot be a name: it contains `..`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch ../x
      error: `../x` cannot be a name: a part begins or ends with `.`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch .hidden
      error: `.hidden` cannot be a name: a part begins or ends with `.`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch a/
      error: `a/` cannot be a name: it has an empty part
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch 'a b'
      error: `a b` cannot be a name: only ASCII letters, digits, `_`, `-`, `+`, `.` and `/` may be in it
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch a.lock
      error: `a.lock` cannot be a name: a part ends with `.lock`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch HEAD
      error: `HEAD` cannot be a name: `HEAD` is taken
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch head
      error: `head` cannot be a name: `HEAD` is taken
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch refs/heads/x
      error: `refs/heads/x` cannot be a name: it begins with `refs/`
      hint: give the short name, such as `x`
      [exit 64]
      $ mdata branch größe
      error: `größe` cannot be a name: only ASCII letters, digits, `_`, `-`, `+`, `.` and `/` may be in it
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata branch 0123456789012345678901234567890123456789
      error: `#1/40` cannot be a name: it looks like a commit id
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata tag ''
      error: `` cannot be a name: it is empty
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata tag @
      error: `@` cannot be a name: only ASCII letters, digits, `_`, `-`, `+`, `.` and `/` may be in it
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata tag v1~1
      error: `v1~1` cannot be a name: only ASCII letters, digits, `_`, `-`, `+`, `.` and `/` may be in it
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata tag v1
      error: `v1` exists already
      hint: choose another name, or delete the old one with `--delete`
      [exit 64]
      $ mdata branch side
      error: `side` exists already
      hint: choose another name, or delete the old one with `--delete`
      [exit 64]
      $ mdata switch --create side
      error: `side` exists already
      hint: choose another name, or delete the old one with `--delete`
      [exit 64]
      $ mdata switch --create a..b
      error: `a..b` cannot be a name: it contains `..`
      hint: names are like `main`, `v1.2` or `review/doses`
      [exit 64]
      $ mdata switch nope
      error: there is no branch `nope`
      hint: make it with `mdata switch --create nope`
      [exit 66]
      $ mdata switch sdie
      error: there is no branch `sdie`
      hint: did you mean `side`?
      [exit 66]
      $ mdata switch v1
      error: there is no branch `v1`
      hint: it is a tag: make a branch there with `mdata branch NAME v1` and switch to that
      [exit 66]
      $ mdata branch --delete main
      error: `main` is the current branch
      hint: go to another one first: `mdata switch BRANCH`
      [exit 64]
      $ mdata branch --delete nope
      error: there is no branch `nope`
      hint: `mdata branch` lists them
      [exit 66]
      $ mdata branch --delete sied
      error: there is no branch `sied`
      hint: did you mean `side`?
      [exit 66]
      $ mdata tag --delete v9
      error: there is no tag `v9`
      hint: did you mean `v1`?
      [exit 66]
      $ mdata tag --delete nope
      error: there is no tag `nope`
      hint: `mdata tag` lists them
      [exit 66]
      """#, changesNothing: true)
    let control = try await repository.run("branch", "a\u{1B}[31mb\n")
    #expect(control.code == 64)
    #expect(control.stderr.hasPrefix("error: `a^[[31mb^J` cannot be a name: only ASCII letters"))
  }

  @Test func importing() async throws {
    let repository = try await Sample.versions()
    try repository.write("empty.jsonl", "")
    try repository.write("prose.txt", "Dear reader,\nthis is not data.\n")
    try repository.write("folder/x", "")
    try repository.write("broken.yaml", "teacher: [\n")
    try repository.write("unknown.yaml", "teachr: claude\n")
    try repository.write("lost.yaml", "prompts: [lost.md]\n")
    try repository.write("twice.json", #"[{"id":"s1","instruction":"a"},{"id":"s1","instruction":"b"}]"#)
    try repository.write("notseeds.json", #"{"a":1}"#)
    try repository.write("binary.md", bytes: [0xFF, 0xFE, 0x00])
    try await repository.check(
      #"""
      $ mdata add nope.jsonl
      error: cannot open `$PLACE/nope.jsonl`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add frist.jsonl
      error: cannot open `$PLACE/frist.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      $ mdata add folder
      error: `$PLACE/folder` is a folder, not a file
      hint: give the files in it: `$PLACE/folder/*`
      [exit 65]
      $ mdata add -
      error: standard input has no name to record
      hint: give it one with `--name FILE`
      [exit 64]
      $ mdata add empty.jsonl
      error: empty.jsonl: the file has no rows
      [exit 65]
      $ mdata add prose.txt
      error: prose.txt: no known format has these columns: Dear reader, ; say which hold the pair, for example --map instruction=question --map output=answer
      [exit 65]
      $ mdata add first.jsonl --format jsonl
      error: there is no format `jsonl`
      hint: did you mean `alpaca-jsonl`?
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format alpca-jsonl
      error: there is no format `alpca-jsonl`
      hint: did you mean `alpaca-jsonl`?
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format xml
      error: there is no format `xml`
      hint: formats are alpaca-json, alpaca-jsonl, prompt-completion, messages, sharegpt, csv, tsv
      [exit 64]
      $ mdata add first.jsonl --format csv
      error: first.jsonl:1:25: text follows a closing quote; a quote inside a quoted cell must be doubled (byte 24)
      caused by: the row is: {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata add first.jsonl --map x
      error: `--map x` is not of the form NAME=COLUMN
      hint: such as `--map instruction=question`
      [exit 64]
      $ mdata add first.jsonl --map instruction=
      error: `--map instruction=` is not of the form NAME=COLUMN
      hint: such as `--map instruction=question`
      [exit 64]
      $ mdata add first.jsonl --map answer=output
      error: first.jsonl: answer is no part of a pair; a column can be mapped to one of instruction, input, output, system, messages
      [exit 65]
      $ mdata add first.jsonl --map instruction=question
      error: first.jsonl: no known format has these columns: id, instruction, output, teacher, seeds, prompt, quality, license; say which hold the pair, for example --map instruction=question --map output=answer
      [exit 65]
      $ mdata add first.jsonl --map instruction=a --map instruction=b
      error: `--map` names `instruction` twice
      hint: one column answers: leave the other out
      [exit 64]
      $ mdata add first.jsonl --column x
      error: `--column x` is not of the form NAME=COLUMN
      hint: such as `--column seeds=seed_ids`
      [exit 64]
      $ mdata add first.jsonl --column topic=topic
      error: `topic` is not a question of provenance
      hint: questions are teacher, prompt, seeds, license and score.NAME
      [exit 64]
      $ mdata add first.jsonl --column score.=quality
      error: `score.` is not a question of provenance
      hint: questions are teacher, prompt, seeds, license and score.NAME
      [exit 64]
      $ mdata add first.jsonl --prompt lost.md
      error: cannot open `$PLACE/lost.md`: No such file or directory
      hint: did you mean `lost.yaml`?
      [exit 66]
      $ mdata add first.jsonl --prompt binary.md
      error: `$PLACE/binary.md` is not valid UTF-8
      [exit 65]
      $ mdata add first.jsonl --seed-file lost.json
      error: cannot open `$PLACE/lost.json`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add first.jsonl --seed-file twice.json
      error: $PLACE/twice.json: '[2].id' of this seed file is invalid: an earlier seed is called 's1' too
      [exit 65]
      $ mdata add first.jsonl --seed-file notseeds.json
      error: $PLACE/notseeds.json: '[1].instruction' of this seed file is missing
      [exit 65]
      $ mdata add first.jsonl --recipe lost.yaml.txt
      error: cannot open `$PLACE/lost.yaml.txt`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      $ mdata add first.jsonl --recipe broken.yaml
      error: broken.yaml:2:1: the recipe is not valid YAML: did not find expected node content
      [exit 78]
      $ mdata add first.jsonl --recipe unknown.yaml
      error: unknown.yaml:1:1: unknown key `teachr`; a recipe has teacher, license, prompts, seeds, columns, fields, sampling, filters, notes
      [exit 78]
      $ mdata add first.jsonl --recipe lost.yaml
      error: cannot open `$PLACE/lost.md`: No such file or directory
      hint: did you mean `lost.yaml`?
      [exit 66]
      $ mdata add first.jsonl second.csv --name x
      error: `--name` names one file, and there are 2
      [exit 64]
      $ mdata add first.jsonl second.csv --skip-invalid rejected.jsonl
      error: `--skip-invalid` is for one file at a time, and there are 2
      [exit 64]
      $ mdata add first.jsonl --skip-invalid no/rejected.jsonl
      error: there is no folder `$PLACE/no`
      hint: make it first: `mkdir -p $PLACE/no`
      [exit 66]
      $ mdata add first.jsonl --skip-invalid folder
      error: `$PLACE/folder` is a folder
      hint: give the name of a file for the rejected rows
      [exit 64]
      $ mdata add http://example.org/pairs.jsonl
      error: cannot fetch `http://example.org/pairs.jsonl`: plain http is allowed to this machine only; use https
      [exit 64]
      $ mdata add ftp://example.org/pairs.jsonl
      error: cannot fetch `ftp://example.org/pairs.jsonl`: only https addresses are fetched
      [exit 64]
      $ mdata commit second.csv -m Again
      error: second.csv is in this version already, as batch `#1`: same rows, same provenance
      hint: to bring changed rows use `mdata commit --update` or `--sync`
      [exit 65]
      $ mdata commit empty.jsonl -m Empty
      error: empty.jsonl: the file has no rows
      [exit 65]
      $ mdata commit second.csv second.csv -m Twice --license MIT
      error: second.csv is in this version already, as batch `#2`: same rows, same provenance
      hint: to bring changed rows use `mdata commit --update` or `--sync`
      [exit 65]
      """#, changesNothing: true)
  }

  @Test func updating() async throws {
    let repository = try await Sample.versions()
    try repository.write("nokey.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try repository.write("unknown.jsonl", #"{"id":"p9","instruction":"a","output":"b"}"# + "\n")
    try repository.write(
      "double.jsonl",
      #"{"id":"p1","instruction":"a","output":"b"}"# + "\n" + #"{"id":"p1","instruction":"c","output":"d"}"#
        + "\n")
    try repository.write("common.jsonl", #"{"license":"CC0-1.0","instruction":"a","output":"b"}"# + "\n")
    try repository.write("number.jsonl", #"{"record":7,"instruction":"a","output":"b"}"# + "\n")
    try repository.write("short.jsonl", #"{"record":"12:7","instruction":"a","output":"b"}"# + "\n")
    try repository.write(
      "stranger.jsonl", #"{"record":"000000000000000000000000:1","instruction":"a","output":"b"}"# + "\n")
    try repository.write("malformed.jsonl", #"{"id":"p1","instruction":"a","output":"b"}"# + "\n{\n")
    try await repository.check(
      #"""
      $ mdata commit --update nokey.jsonl -m x
      error: nokey.jsonl:1: the row has no column `record`
      hint: name the column that identifies a row with `--key COLUMN`
      [exit 65]
      $ mdata commit --update nokey.jsonl --key id -m x
      error: nokey.jsonl:1: the row has no column `id`
      hint: the row has only its pair
      [exit 65]
      $ mdata commit --update unknown.jsonl --key di -m x
      error: unknown.jsonl:1: the row has no column `di`
      hint: did you mean `--key id`?
      [exit 65]
      $ mdata commit --update unknown.jsonl --key id -m x
      error: unknown.jsonl:1: no record has id = "p9"
      hint: new rows come with `mdata commit FILE`; `--update` only changes rows
      [exit 66]
      $ mdata commit --update double.jsonl --key id -m x
      error: double.jsonl:2: this row changes the same record as line 1
      hint: leave one of the two rows out
      [exit 65]
      $ mdata commit --update common.jsonl --key license -m x
      error: common.jsonl:1: 4 records have license = "CC0-1.0": #1:1, #1:2, #1:3
      hint: choose a column that names one record, or a column `record` with record ids
      [exit 65]
      $ mdata commit --update number.jsonl -m x
      error: number.jsonl:1: column `record` does not hold a record id
      hint: a record id is text such as "#2:42"; `mdata diff` prints them
      [exit 65]
      $ mdata commit --update short.jsonl -m x
      error: short.jsonl:1: `12:7` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #2:42
      [exit 65]
      $ mdata commit --update stranger.jsonl -m x
      error: stranger.jsonl:1: the version has no record `#3/24:1`
      hint: it was removed, or belongs to another repository; new rows come with `mdata commit FILE`
      [exit 66]
      $ mdata commit --update malformed.jsonl --key id -m x
      error: malformed.jsonl:2:2: the text ends inside an object (byte 44)
      caused by: the row is: {
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata commit --update lost.jsonl --key id -m x
      error: cannot open `$PLACE/lost.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      $ mdata commit --sync malformed.jsonl -m x
      error: malformed.jsonl:2:2: the text ends inside an object (byte 44)
      caused by: the row is: {
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata commit --sync lost.jsonl -m x
      error: cannot open `$PLACE/lost.jsonl`: No such file or directory
      hint: did you mean `first.jsonl`?
      [exit 66]
      """#, changesNothing: true)
  }

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

  @Test func training() async throws {
    let repository = try await Sample.model()
    let config = try repository.text("tiny/config.json")
    func model(_ name: String, _ config: String, weights: [UInt8]? = nil) async throws {
      try await repository.shell("cp -r tiny \(name)")
      try repository.write("\(name)/config.json", config)
      if let weights { try repository.write("\(name)/model.safetensors", bytes: weights) }
    }
    let weights = try repository.bytes("tiny/model.safetensors")
    try await model("noconfig", "{")
    try await model(
      "gpt",
      config.replacing("LlamaForCausalLM", with: "GPT2LMHeadModel").replacing("\"llama\"", with: "\"gpt2\""))
    try await model("cut", config, weights: Array(weights.prefix(weights.count / 2)))
    try await model("huge", config, weights: [255, 255, 255, 255, 255, 255, 255, 127] + weights)
    try await model("bare", config, weights: [])
    try await repository.shell(
      "cp -r tiny notokens && rm notokens/tokenizer.json; mkdir -p used && echo '{}' > used/config.json")
    try await repository.check(
      #"""
      $ mdata train v1 --model lost --out out
      error: cannot open $PLACE/lost/config.json: No such file or directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      $ mdata train v1 --model first.jsonl --out out
      error: cannot open $PLACE/first.jsonl/config.json: Not a directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      $ mdata train v1 --model noconfig --out out
      error: $PLACE/noconfig/config.json: is not valid JSON: line 1, column 2 (byte 1): the text ends inside an object
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model gpt --out out
      error: $PLACE/gpt/config.json: "model_type" is "gpt2", which mdata does not support yet
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model cut --out out
      error: $PLACE/cut/model.safetensors is not a valid safetensors file: the tensors take 495360 bytes, but 246644 follow the header; the file is cut or damaged
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model huge --out out
      error: $PLACE/huge/model.safetensors is not a valid safetensors file: its header claims #1/19 bytes; at most #2 are accepted
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model bare --out out
      error: $PLACE/bare/model.safetensors is not a valid safetensors file: it has 0 bytes; the header's length takes 8
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model notokens --out out
      error: $PLACE/notokens/tokenizer.json: is missing
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model tiny --out used
      error: `used` holds a model already
      hint: give another `--out`, or remove it first
      [exit 64]
      $ mdata train v1 --model tiny --out first.jsonl
      error: `first.jsonl` is a file
      hint: give `--out` a folder, new or empty
      [exit 64]
      $ mdata train v1 --model tiny --out no/out
      error: there is no folder `no` to make `no/out` in
      hint: make it first: `mkdir -p no`
      [exit 66]
      $ mdata train v1 --model tiny --out out --steps 0
      error: steps must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --epochs 0
      error: epochs must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --batch 0
      error: batch must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --accumulate 0
      error: gradient accumulation must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --seq-len 1
      error: `--seq-len` must be from 2 to 1,048,576
      [exit 64]
      $ mdata train v1 --model tiny --out out --lr -1
      error: learning rate must be above 0, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --lr nan
      error: learning rate must be above 0, not nan
      [exit 64]
      $ mdata train v1 --model tiny --out out --warmup 2
      error: warm-up ratio must be from 0 to 1, not 2.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --weight-decay -1
      error: weight decay must be 0 or more, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --clip -1
      error: the gradient's norm limit must be 0 or more, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --threads 0
      error: `--threads` must be from 1 to 1,024
      [exit 64]
      $ mdata train v1 --model tiny --out out --records 0
      error: `--records` must be at least 1
      [exit 64]
      $ mdata train v1 --model tiny --out out --records 5
      error: `--records 5` asks for more than the version's 4 records
      [exit 64]
      $ mdata train v1 --model tiny --out out --template chatml
      error: there is no template `chatml`
      hint: the template is `alpaca`
      [exit 64]
      $ mdata train v1 --model tiny --out out --seed -1
      error: the value `-1` is invalid for `--seed <n>`
      hint: the form is `mdata train [<options>] [<revision>] --model <dir> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --quiet --seq-len 8
      error: none of the 4 examples has an answer token within the sequence length; raise it or check the data
      hint: try a larger `--seq-len`
      [exit 65]
      $ mdata model new used
      error: `used` holds a model already
      hint: give another folder, or remove it first
      [exit 64]
      $ mdata model new first.jsonl
      error: `first.jsonl` is a file
      hint: give the name of a folder, new or empty
      [exit 64]
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
