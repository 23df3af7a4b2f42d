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
      $ mdata add first.jsonl
      $ mdata commit first.jsonl -m First
      $ mdata log --json
      $ mdata train main --model tiny --out out
      $ mdata -C nowhere log
      $ mdata init first.jsonl
      $ mdata init no/where
      $ mdata init first.jsonl/x
      """#, changesNothing: true)
  }

  @Test func beforeTheFirstVersion() async throws {
    let repository = try await Sample.files()
    try await repository.check(
      #"""
      $ mdata show
      $ mdata diff HEAD
      $ mdata checkout HEAD -o out.jsonl
      $ mdata tag v1
      $ mdata branch side
      $ mdata switch --create side
      $ mdata pin
      $ mdata audit
      $ mdata commit -m 'Nothing is staged'
      $ mdata commit --sync first.jsonl -m Sync
      $ mdata commit --update first.jsonl --key id -m Update
      $ mdata checkout --locked -o out.jsonl
      """#, changesNothing: true)
  }

  @Test func revisions() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata log nope
      $ mdata show mian
      $ mdata show v2
      $ mdata show sdie
      $ mdata show HEAD~9
      $ mdata show HEAD~x
      $ mdata show HEAD^2
      $ mdata show ''
      $ mdata show abcdef0
      $ mdata diff v1..main
      $ mdata diff ..side
      $ mdata diff v1 nope
      $ mdata audit nope
      $ mdata pin nope
      $ mdata runs --version nope
      $ mdata checkout nope -o out.jsonl
      $ mdata train nope --model tiny --out out
      $ mdata tag v2 nope
      $ mdata branch b nope
      """#, changesNothing: true)
  }

  @Test func idsOfRecordsAndObjects() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata show v1
      $ mdata blame nope
      $ mdata blame 000:1
      $ mdata blame 00000000:1
      $ mdata blame zzzz:1
      $ mdata blame a:b:c
      $ mdata blame 3fa9c1e2:0
      $ mdata blame 3fa9c1e2:-1
      $ mdata blame 3fa9c1e2:99999999999
      $ mdata blame #3:5
      $ mdata blame #3:1 nope
      $ mdata cat zz
      $ mdata cat abc
      $ mdata cat 00000000
      $ mdata cat 0000:1
      $ mdata cat #3:5
      $ mdata runs nope
      $ mdata runs 00000000
      $ mdata runs #3
      """#, changesNothing: true)
  }

  @Test func options() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata --bogus
      $ mdata log --bogus
      $ mdata log --limt 3
      $ mdata log -n x
      $ mdata log -n -1
      $ mdata log -n
      $ mdata log a b
      $ mdata log --color sometimes
      $ mdata diff
      $ mdata diff v1 main side
      $ mdata blame
      $ mdata cat
      $ mdata switch
      $ mdata add
      $ mdata commit first.jsonl
      $ mdata commit -m
      $ mdata commit first.jsonl -m ''
      $ mdata commit first.jsonl -m ' '
      $ mdata checkout v1
      $ mdata checkout -o x
      $ mdata checkout v1 --locked -o x
      $ mdata checkout --locked --format csv -o x
      $ mdata commit first.jsonl --sync second.csv -m x
      $ mdata commit --sync first.jsonl --update second.csv -m x
      $ mdata commit --key id -m x
      $ mdata commit first.jsonl --dry-run -m x
      $ mdata branch --delete
      $ mdata tag --delete
      $ mdata train
      $ mdata train v1 --model tiny
      $ mdata train --model tiny --out out
      $ mdata model new
      $ mdata log --json --bogus
      $ mdata show nope --json
      """#, changesNothing: true)
  }

  @Test func namesOfBranchesAndTags() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata branch -x
      $ mdata branch -- -x
      $ mdata branch a..b
      $ mdata branch ../x
      $ mdata branch .hidden
      $ mdata branch a/
      $ mdata branch 'a b'
      $ mdata branch a.lock
      $ mdata branch HEAD
      $ mdata branch head
      $ mdata branch refs/heads/x
      $ mdata branch größe
      $ mdata branch 0123456789012345678901234567890123456789
      $ mdata tag ''
      $ mdata tag @
      $ mdata tag v1~1
      $ mdata tag v1
      $ mdata branch side
      $ mdata switch --create side
      $ mdata switch --create a..b
      $ mdata switch nope
      $ mdata switch sdie
      $ mdata switch v1
      $ mdata branch --delete main
      $ mdata branch --delete nope
      $ mdata branch --delete sied
      $ mdata tag --delete v9
      $ mdata tag --delete nope
      """#, changesNothing: true)
    let control = try await repository.run("branch", "a\u{1B}[31mb\n")
    #expect(control.code == 64)
    #expect(control.stderr.hasPrefix("error: `a^[[31mb\n` cannot be a name: only ASCII letters"))
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
      $ mdata add frist.jsonl
      $ mdata add folder
      $ mdata add -
      $ mdata add empty.jsonl
      $ mdata add prose.txt
      $ mdata add first.jsonl --format jsonl
      $ mdata add first.jsonl --format alpca-jsonl
      $ mdata add first.jsonl --format xml
      $ mdata add first.jsonl --format csv
      $ mdata add first.jsonl --map x
      $ mdata add first.jsonl --map instruction=
      $ mdata add first.jsonl --map answer=output
      $ mdata add first.jsonl --map instruction=question
      $ mdata add first.jsonl --map instruction=a --map instruction=b
      $ mdata add first.jsonl --column x
      $ mdata add first.jsonl --column topic=topic
      $ mdata add first.jsonl --column score.=quality
      $ mdata add first.jsonl --prompt lost.md
      $ mdata add first.jsonl --prompt binary.md
      $ mdata add first.jsonl --seed-file lost.json
      $ mdata add first.jsonl --seed-file twice.json
      $ mdata add first.jsonl --seed-file notseeds.json
      $ mdata add first.jsonl --recipe lost.yaml.txt
      $ mdata add first.jsonl --recipe broken.yaml
      $ mdata add first.jsonl --recipe unknown.yaml
      $ mdata add first.jsonl --recipe lost.yaml
      $ mdata add first.jsonl second.csv --name x
      $ mdata add first.jsonl second.csv --skip-invalid rejected.jsonl
      $ mdata add first.jsonl --skip-invalid no/rejected.jsonl
      $ mdata add first.jsonl --skip-invalid folder
      $ mdata add http://example.org/pairs.jsonl
      $ mdata add ftp://example.org/pairs.jsonl
      $ mdata commit second.csv -m Again
      $ mdata commit empty.jsonl -m Empty
      $ mdata commit second.csv second.csv -m Twice --license MIT
      """#, changesNothing: true)
  }

  @Test func updating() async throws {
    let repository = try await Sample.versions()
    try repository.write("nokey.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try repository.write("unknown.jsonl", #"{"id":"p9","instruction":"a","output":"b"}"# + "\n")
    try repository.write("double.jsonl", #"{"id":"p1","instruction":"a","output":"b"}"# + "\n" + #"{"id":"p1","instruction":"c","output":"d"}"# + "\n")
    try repository.write("common.jsonl", #"{"license":"CC0-1.0","instruction":"a","output":"b"}"# + "\n")
    try repository.write("number.jsonl", #"{"record":7,"instruction":"a","output":"b"}"# + "\n")
    try repository.write("short.jsonl", #"{"record":"12:7","instruction":"a","output":"b"}"# + "\n")
    try repository.write("stranger.jsonl", #"{"record":"000000000000000000000000:1","instruction":"a","output":"b"}"# + "\n")
    try repository.write("malformed.jsonl", #"{"id":"p1","instruction":"a","output":"b"}"# + "\n{\n")
    try await repository.check(
      #"""
      $ mdata commit --update nokey.jsonl -m x
      $ mdata commit --update nokey.jsonl --key id -m x
      $ mdata commit --update unknown.jsonl --key di -m x
      $ mdata commit --update unknown.jsonl --key id -m x
      $ mdata commit --update double.jsonl --key id -m x
      $ mdata commit --update common.jsonl --key license -m x
      $ mdata commit --update number.jsonl -m x
      $ mdata commit --update short.jsonl -m x
      $ mdata commit --update stranger.jsonl -m x
      $ mdata commit --update malformed.jsonl --key id -m x
      $ mdata commit --update lost.jsonl --key id -m x
      $ mdata commit --sync malformed.jsonl -m x
      $ mdata commit --sync lost.jsonl -m x
      """#, changesNothing: true)
  }

  @Test func checkingOut() async throws {
    let repository = try await Sample.versions()
    try repository.write("folder/x", "")
    try repository.write("talk.jsonl", #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}"# + "\n")
    try await repository.run("commit", "talk.jsonl", "-m", "Talk")
    try await repository.check(
      #"""
      $ mdata checkout v1 -o no/out.jsonl
      $ mdata checkout v1 -o folder
      $ mdata checkout v1 -o ''
      $ mdata checkout v1 -o out.jsonl --format shargpt
      $ mdata checkout v1 -o out.jsonl --format openai
      $ mdata checkout HEAD -o out.csv --format csv
      $ mdata checkout --locked -o out.jsonl
      $ mdata train --locked --model tiny --out out
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
        expected
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
    try await model("gpt", config.replacing("LlamaForCausalLM", with: "GPT2LMHeadModel").replacing("\"llama\"", with: "\"gpt2\""))
    try await model("cut", config, weights: Array(weights.prefix(weights.count / 2)))
    try await model("huge", config, weights: [255, 255, 255, 255, 255, 255, 255, 127] + weights)
    try await model("bare", config, weights: [])
    try await repository.shell("cp -r tiny notokens && rm notokens/tokenizer.json; mkdir -p used && echo '{}' > used/config.json")
    try await repository.check(
      #"""
      $ mdata train v1 --model lost --out out
      $ mdata train v1 --model first.jsonl --out out
      $ mdata train v1 --model noconfig --out out
      $ mdata train v1 --model gpt --out out
      $ mdata train v1 --model cut --out out
      $ mdata train v1 --model huge --out out
      $ mdata train v1 --model bare --out out
      $ mdata train v1 --model notokens --out out
      $ mdata train v1 --model tiny --out used
      $ mdata train v1 --model tiny --out first.jsonl
      $ mdata train v1 --model tiny --out no/out
      $ mdata train v1 --model tiny --out out --steps 0
      $ mdata train v1 --model tiny --out out --epochs 0
      $ mdata train v1 --model tiny --out out --batch 0
      $ mdata train v1 --model tiny --out out --accumulate 0
      $ mdata train v1 --model tiny --out out --seq-len 1
      $ mdata train v1 --model tiny --out out --lr -1
      $ mdata train v1 --model tiny --out out --lr nan
      $ mdata train v1 --model tiny --out out --warmup 2
      $ mdata train v1 --model tiny --out out --weight-decay -1
      $ mdata train v1 --model tiny --out out --clip -1
      $ mdata train v1 --model tiny --out out --threads 0
      $ mdata train v1 --model tiny --out out --records 0
      $ mdata train v1 --model tiny --out out --records 5
      $ mdata train v1 --model tiny --out out --template chatml
      $ mdata train v1 --model tiny --out out --seed -1
      $ mdata train v1 --model tiny --out out --quiet --seq-len 8
      $ mdata model new used
      $ mdata model new first.jsonl
      """#, changesNothing: true)
  }

  @Test func nobodyIsNamed() async throws {
    let repository = try await Sample.versions()
    try repository.write("more.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try await repository.check(
      #"""
      $ MDATA_AUTHOR_NAME= mdata commit more.jsonl -m More
      $ MDATA_AUTHOR_EMAIL= mdata tag v9
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
      $ mdata tag v9
      """#, changesNothing: true)
  }

  /// As root every file can be written, whatever its mode says.
  @Test(.enabled(if: geteuid() != 0, "runs as root, whom no mode stops")) func readOnly() async throws {
    let repository = try await Sample.versions()
    try repository.write("more.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try await repository.shell("find .mdata -type d -exec chmod a-w {} + && find .mdata -type f -exec chmod a-w {} +")
    let output = try await repository.run("commit", "more.jsonl", "-m", "More")
    #expect(output.code == 77, "\(output.text)")
    #expect(output.stderr.contains("hint: look at the permissions of"))
    try await repository.shell("chmod -R u+w .mdata")
  }
}
