import Testing

/// What a mistake at `branch`, `tag` and `switch` answers. After every one of these commands every file is as it
/// was.
@Suite struct BranchErrorTests {
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
}
