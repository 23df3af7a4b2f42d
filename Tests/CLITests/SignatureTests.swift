import Foundation
import Testing

/// Annotated tags and signatures, with a program that stands for `ssh-keygen`.
@Suite struct SignatureTests {
  @Test func annotatedTags() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata tag v2 -m "As published"
      Made tag v2
      $ mdata tag
      v1  #1
      v2  #2  As published
      $ mdata tag --json
      {"schema":"mdata.tag/v1","tags":[{"commit":"#1/40","current":false,"name":"v1","tag":null},{"commit":"#2/40","current":false,"name":"v2","tag":{"message":"As published","name":"v2","object":"#3/40","tagger":"A Tester <tester@localhost>","time":"2026-01-01T00:00:00Z"}}]}
      $ mdata show v2
      tag v2
        A Tester <tester@localhost>  2026-01-01 00:00 +0000
          As published

      #2  (main, v2)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      snapshot  #4/64
      changed   2 added, 0 edited, 0 removed
      batches   2
        #5  4 rows  first.jsonl
        #6  2 rows  second.csv
      $ mdata show v2 --json
      {"added":2,"author":"A Tester <tester@localhost>","batches":[{"batch":"#5","license":null,"name":"first.jsonl","rows":4,"teacher":null},{"batch":"#6","license":null,"name":"second.csv","rows":2,"teacher":null}],"commit":"#2/40","committed":"2026-01-01T00:01:00Z","committer":"A Tester <tester@localhost>","edited":0,"message":"Second","names":["main","v2"],"parents":["#1/40"],"records":6,"removed":0,"schema":"mdata.show/v1","snapshot":"#4/64","tag":{"message":"As published","name":"v2","object":"#3/40","tagger":"A Tester <tester@localhost>","time":"2026-01-01T00:00:00Z"},"time":"2026-01-01T00:01:00Z"}
      $ mdata log -n 1
      #2  (main, v2)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      $ mdata undo
      Undid operation 5: make tag v2
        v2  #2 → none
      This is operation 6. Next: `mdata op log`
      $ mdata redo
      Redid operation 5: make tag v2
        v2  none → #2
      This is operation 7. Next: `mdata op log`
      $ mdata tag -d v2
      Deleted tag v2
      $ mdata undo
      Undid operation 8: delete tag v2
        v2  none → #2
      This is operation 9. Next: `mdata op log`
      $ mdata show v2 --json
      {"added":2,"author":"A Tester <tester@localhost>","batches":[{"batch":"#5","license":null,"name":"first.jsonl","rows":4,"teacher":null},{"batch":"#6","license":null,"name":"second.csv","rows":2,"teacher":null}],"commit":"#2/40","committed":"2026-01-01T00:01:00Z","committer":"A Tester <tester@localhost>","edited":0,"message":"Second","names":["main","v2"],"parents":["#1/40"],"records":6,"removed":0,"schema":"mdata.show/v1","snapshot":"#4/64","tag":{"message":"As published","name":"v2","object":"#3/40","tagger":"A Tester <tester@localhost>","time":"2026-01-01T00:00:00Z"},"time":"2026-01-01T00:01:00Z"}
      $ mdata verify-tag v2
      tag v2
        signature  not signed
      [exit 1]
      $ mdata verify-tag v1 --json
      {"schema":"mdata.verify-tag/v1","tags":[{"commit":"#1/40","name":"v1","object":null,"signature":{"details":["it is a light tag: a name alone, which nothing can sign"],"fingerprint":null,"format":null,"key":null,"signer":null,"state":"unsigned","trust":null}}]}
      [exit 1]
      """#)
  }

  @Test func signedVersionsAndTags() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(in: repository)
    try await repository.check(
      #"""
      $ mdata commit second.csv --name third.csv -m Third -S
      Read 2 pairs of third.csv as batch #1
      Committed #2 on main: 2 added, 0 edited, 0 removed; 8 records now
      $ mdata verify-commit
      #2
        signature  good: tester@localhost, SHA256:test
      $ mdata verify-commit HEAD HEAD~1
      #2
        signature  good: tester@localhost, SHA256:test
      #3
        signature  not signed
      [exit 1]
      $ mdata verify-commit --json
      {"commits":[{"commit":"#2/40","signature":{"details":[],"fingerprint":"SHA256:test","format":"ssh","key":"SHA256:test","signer":"tester@localhost","state":"good","trust":null}}],"schema":"mdata.verify-commit/v1"}
      $ mdata log -n 2 --show-signature
      #2  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  8 records
        signature  good: tester@localhost, SHA256:test
          Third

      #3
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
        signature  not signed
          Second

      $ mdata log -n 1 --show-signature --json
      {"commits":[{"author":"A Tester <tester@localhost>","commit":"#2/40","committed":"2026-01-01T00:00:00Z","committer":"A Tester <tester@localhost>","message":"Third","names":["main"],"parents":["#3/40"],"records":8,"signature":{"details":[],"fingerprint":"SHA256:test","format":"ssh","key":"SHA256:test","signer":"tester@localhost","state":"good","trust":null},"snapshot":"#4/64","time":"2026-01-01T00:00:00Z"}],"schema":"mdata.log/v1"}
      $ mdata tag v3 -s -m "As published"
      Made tag v3
      $ mdata verify-tag v3
      tag v3
        signature  good: tester@localhost, SHA256:test
      $ mdata verify-tag v3 --json
      {"schema":"mdata.verify-tag/v1","tags":[{"commit":"#2/40","name":"v3","object":"#5/40","signature":{"details":[],"fingerprint":"SHA256:test","format":"ssh","key":"SHA256:test","signer":"tester@localhost","state":"good","trust":null}}]}
      $ mdata show v3 --show-signature
      tag v3
        A Tester <tester@localhost>  2026-01-01 00:00 +0000
        signature  good: tester@localhost, SHA256:test
          As published

      #2  (main, v3)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  8 records
        signature  good: tester@localhost, SHA256:test
          Third

      snapshot  #4/64
      changed   2 added, 0 edited, 0 removed
      batches   3
        #6  4 rows  first.jsonl
        #1  2 rows  third.csv
        #7  2 rows  second.csv
      $ mdata show v3 --show-signature --json
      {"added":2,"author":"A Tester <tester@localhost>","batches":[{"batch":"#6","license":null,"name":"first.jsonl","rows":4,"teacher":null},{"batch":"#1","license":null,"name":"third.csv","rows":2,"teacher":null},{"batch":"#7","license":null,"name":"second.csv","rows":2,"teacher":null}],"commit":"#2/40","committed":"2026-01-01T00:00:00Z","committer":"A Tester <tester@localhost>","edited":0,"message":"Third","names":["main","v3"],"parents":["#3/40"],"records":8,"removed":0,"schema":"mdata.show/v1","signature":{"details":[],"fingerprint":"SHA256:test","format":"ssh","key":"SHA256:test","signer":"tester@localhost","state":"good","trust":null},"snapshot":"#4/64","tag":{"message":"As published","name":"v3","object":"#5/40","signature":{"details":[],"fingerprint":"SHA256:test","format":"ssh","key":"SHA256:test","signer":"tester@localhost","state":"good","trust":null},"tagger":"A Tester <tester@localhost>","time":"2026-01-01T00:00:00Z"},"time":"2026-01-01T00:00:00Z"}
      $ mdata merge side --no-sign
      Nothing to merge: #8 is part of main already
      $ mdata switch side
      On branch side, at #8
      $ mdata merge main --no-ff --sign
                4  right: changed by them
      Merged as #9 on side: 4 added, 0 edited, 0 removed; 8 records now
      $ mdata verify-commit
      #9
        signature  good: tester@localhost, SHA256:test
      """#)
  }

  @Test func theConfigurationAsksForSignatures() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(
      in: repository, configuration: "[commit]\n  gpgSign = true\n[tag]\n  gpgSign = true")
    try await repository.check(
      #"""
      $ mdata commit second.csv --name third.csv -m Third
      Read 2 pairs of third.csv as batch #1
      Committed #2 on main: 2 added, 0 edited, 0 removed; 8 records now
      $ mdata verify-commit
      #2
        signature  good: tester@localhost, SHA256:test
      $ mdata commit second.csv --name fourth.csv -m Fourth --no-sign
      Read 2 pairs of fourth.csv as batch #3
      Committed #4 on main: 2 added, 0 edited, 0 removed; 10 records now
      $ mdata verify-commit
      #4
        signature  not signed
      [exit 1]
      $ mdata tag v3
      error: a signed tag has a message
      hint: give one with `-m`; `--no-sign` makes a light tag where git's setting `tag.gpgSign` asks for signatures
      [exit 64]
      $ mdata tag v3 --no-sign
      Made tag v3
      $ mdata tag v4 -m Signed
      Made tag v4
      $ mdata verify-tag v3 v4
      tag v3
        signature  not signed
      tag v4
        signature  good: tester@localhost, SHA256:test
      [exit 1]
      """#)
  }

  /// A signature is about the text and the name.
  @Test func whatWasAltered() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(in: repository, signer: "a\u{1B}[31mb")
    try await repository.run("tag", "v3", "-s", "-m", "As published")
    let altered = try await repository.shell(
      """
      cd .mdata/history.git && git update-ref refs/tags/v4 v3 &&
      git update-ref refs/tags/v5 $(git cat-file tag v3 | sed 's/As published/As I like it/' | git hash-object -t tag -w --stdin)
      """)
    try #require(altered.code == 0, "\(altered.text)")
    try await repository.check(
      #"""
      $ mdata verify-tag v3
      tag v3
        signature  good: a^[[31mb, SHA256:test
      $ mdata verify-tag v4
      tag v4
        signature  bad: a^[[31mb, SHA256:test
                   it was signed as the tag `v3`
      [exit 1]
      $ mdata verify-tag v5
      tag v5
        signature  bad
                   Signature verification failed: incorrect signature
      [exit 1]
      """#)
  }

  @Test func mistakesChangeNothing() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(in: repository)
    try await repository.check(
      #"""
      $ mdata tag v2 -a
      error: `--annotate` needs a message: give `-m`
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata tag v2 -s
      error: `--sign` needs a message: give `-m`
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata tag v2 -m " "
      error: the message is empty
      hint: say what this version is: `-m "As published"`
      [exit 64]
      $ mdata tag -m x
      error: a message and a signature need the name of a tag
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata tag v1 -d -m x
      error: `--delete` takes no message and no signature
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata tag v1 -m x
      error: `v1` exists already
      hint: choose another name, or delete the old one with `--delete`
      [exit 64]
      $ mdata tag v2 -s --no-sign -m x
      error: give `--sign` or `--no-sign`, not both
      hint: the form is `mdata tag [<options>] [<name>] [<revision>]`
      hint: see `mdata tag --help`
      [exit 64]
      $ mdata tag v2 absent -m x
      error: `absent` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata commit second.csv --name x.csv -m x -S --no-sign
      error: give `--sign` or `--no-sign`, not both
      hint: the form is `mdata commit [<options>] [<files> ...] --message <message>`
      hint: see `mdata commit --help`
      [exit 64]
      $ mdata verify-tag v9
      error: there is no tag `v9`
      hint: did you mean `v1`?
      [exit 66]
      $ mdata verify-commit v9
      error: `v9` is not a version: there is no such branch, tag or commit
      hint: did you mean `v1`?
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata show v1 --show-signature --json
      {"added":4,"author":"A Tester <tester@localhost>","batches":[{"batch":"#1","license":null,"name":"first.jsonl","rows":4,"teacher":null}],"commit":"#2/40","committed":"2026-01-01T00:00:00Z","committer":"A Tester <tester@localhost>","edited":0,"message":"First","names":["side","v1"],"parents":[],"records":4,"removed":0,"schema":"mdata.show/v1","signature":{"details":[],"fingerprint":null,"format":null,"key":null,"signer":null,"state":"unsigned","trust":null},"snapshot":"#3/64","tag":null,"time":"2026-01-01T00:00:00Z"}
      """#, changesNothing: true)
  }

  @Test func whatCannotBeSignedIsRefusedBeforeAnythingIsWritten() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(in: repository)
    let configuration = try repository.text(".gitconfig")
    func check(_ old: String, _ new: String, _ transcript: String, line: Int = #line) async throws {
      try repository.write(".gitconfig", configuration.replacing(old, with: new))
      try await repository.check(transcript, changesNothing: true, line: line)
    }
    try await check(
      "key.pub", "missing.pub",
      #"""
      $ mdata commit second.csv --name x.csv -m x -S
      error: `$PLACE/keygen` did not sign, and nothing was written
      caused by: Couldn't load public key $PLACE/missing.pub: No such file or directory
      hint: git's setting `user.signingKey` is `~/missing.pub`; `--no-sign` leaves the signature out
      [exit 77]
      $ mdata tag v2 -s -m x
      error: `$PLACE/keygen` did not sign, and nothing was written
      caused by: Couldn't load public key $PLACE/missing.pub: No such file or directory
      hint: git's setting `user.signingKey` is `~/missing.pub`; `--no-sign` leaves the signature out
      [exit 77]
      """#)
    try await check(
      "~/keygen", "~/absent",
      #"""
      $ mdata commit second.csv --name x.csv -m x -S
      error: `$PLACE/absent` cannot be run: No such file or directory
      hint: install it, or name another one: `git config --global gpg.program PATH`, `gpg.ssh.program` for SSH
      [exit 78]
      $ mdata tag v2 -s -m x --json
      {"causes":[],"code":78,"hints":["install it, or name another one: `git config --global gpg.program PATH`, `gpg.ssh.program` for SSH"],"message":"`$PLACE/absent` cannot be run: No such file or directory","schema":"mdata.error/v1"}
      [exit 78]
      """#)
    try await check(
      "signingKey = ~/key.pub", "",
      #"""
      $ mdata commit second.csv --name x.csv -m x -S
      error: no key is named to sign with
      hint: `git config --global user.signingKey ~/.ssh/id_ed25519.pub`
      [exit 78]
      """#)
    try await check(
      "format = ssh", "format = x509",
      #"""
      $ mdata tag v2 -s -m x
      error: mdata does not sign with X.509 certificates
      hint: `git config --global gpg.format ssh`, or `openpgp`
      [exit 78]
      """#)
    try await check(
      "format = ssh", "format = rot13",
      #"""
      $ mdata tag v2 -s -m x
      error: git's setting `gpg.format` is `rot13`, which is no format of signatures
      hint: `git config --global gpg.format ssh`, or `openpgp`
      [exit 78]
      $ mdata verify-commit
      error: git's setting `gpg.format` is `rot13`, which is no format of signatures
      hint: `git config --global gpg.format ssh`, or `openpgp`
      [exit 78]
      """#)
  }

  /// A folder of somebody else must not name a program that is run.
  @Test(.enabled(if: getuid() == 0, "only root can give a folder away"))
  func anotherUsersConfigurationIsNotFollowed() async throws {
    let repository = try await Sample.versions()
    try SigningProgram.install(in: repository)
    let prepared = try await repository.shell(
      """
      git init -q . && mv .gitconfig .git/more && git config include.path more &&
      git config --global gpg.program false && git config --global gpg.ssh.program false && mdata tag v2 -s -m x && mdata verify-tag v2 &&
      chown -R 65534 .git && ! mdata tag v3 -s -m x && ! mdata verify-tag v2
      """)
    #expect(prepared.code == 0, "\(prepared.text)")
  }
}
