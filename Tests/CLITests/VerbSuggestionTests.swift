import Testing
import Workbench

@testable import mdata

@Suite struct VerbSuggestionTests {
  static let typos: [(String, String)] = [
    ("comit", "commit"), ("commti", "commit"), ("commmit", "commit"), ("cmmit", "commit"),
    ("ocmmit", "commit"),
    ("Commit", "commit"), ("dif", "diff"), ("dfif", "diff"), ("diffs", "diff"), ("difff", "diff"),
    ("lgo", "log"),
    ("logs", "log"), ("lo", "log"), ("shwo", "show"), ("shw", "show"), ("sohw", "show"), ("shows", "show"),
    ("statsu", "status"), ("stauts", "status"), ("state", "status"), ("stat", "status"), ("staus", "status"),
    ("inti", "init"),
    ("int", "init"), ("initt", "init"), ("ad", "add"), ("dad", "add"), ("addd", "add"), ("brnach", "branch"),
    ("brach", "branch"), ("branches", "branch"), ("bracnh", "branch"), ("swich", "switch"),
    ("swithc", "switch"),
    ("swtich", "switch"), ("tga", "tag"), ("tags", "tag"), ("chekout", "checkout"), ("checkuot", "checkout"),
    ("chceckout", "checkout"), ("checkot", "checkout"), ("pni", "pin"), ("pinn", "pin"), ("balme", "blame"),
    ("blam", "blame"), ("blame1", "blame"), ("auidt", "audit"), ("audti", "audit"), ("adit", "audit"),
    ("ctat", "cat"),
    ("trian", "train"), ("tarin", "train"), ("trai", "train"), ("trainn", "train"), ("rusn", "runs"),
    ("rns", "runs"),
    ("run", "runs"), ("mdoel", "model"), ("modle", "model"), ("models", "model"),
  ]

  @Test(arguments: typos) func namesTheVerbThatWasMeant(typo: String, verb: String) throws {
    let failure = try #require(Arguments.unknownVerb([typo, "-m", "x"], among: Mdata.verbs))
    #expect(failure.message == "there is no verb `\(typo)`")
    #expect(failure.hints == ["did you mean `mdata \(verb)`?"])
  }

  @Test func staysSilentForVerbs() {
    for verb in Mdata.verbs {
      #expect(Arguments.unknownVerb([verb.name], among: Mdata.verbs) == nil)
      #expect(Arguments.unknownVerb(["help", verb.name], among: Mdata.verbs) == nil)
    }
    for other in [
      [], ["--version"], ["-h"], ["help"], ["help", "help"], ["model"], ["model", "new", "x"],
      ["model", "--help"],
    ] {
      #expect(Arguments.unknownVerb(other, among: Mdata.verbs) == nil)
    }
  }

  @Test func movesGlobalOptionsBehindTheVerb() {
    #expect(Arguments.normalised(["-C", "data", "log", "-n", "1"]) == ["log", "-C", "data", "-n", "1"])
    #expect(
      Arguments.normalised(["--json", "--color=always", "-q", "log"]) == [
        "log", "--json", "--color=always", "-q",
      ])
    #expect(Arguments.normalised(["--color", "never", "log"]) == ["log", "--color", "never"])
    #expect(Arguments.normalised(["-C"]) == ["-C"])
    #expect(Arguments.normalised(["--json"]) == ["--json"])
    #expect(Arguments.normalised([]) == [])
  }

  @Test func inTheTerminal() async throws {
    let repository = try await TestRepository()
    try await repository.check(
      #"""
      $ mdata comit -m x
      error: there is no verb `comit`
      hint: did you mean `mdata commit`?
      [exit 64]
      $ mdata frobnicate
      error: there is no verb `frobnicate`
      hint: `mdata --help` lists the verbs
      [exit 64]
      $ mdata help lgo
      error: there is no verb `lgo`
      hint: did you mean `mdata log`?
      [exit 64]
      $ mdata model nwe tiny
      error: there is no verb `model nwe`
      hint: did you mean `mdata model new`?
      [exit 64]
      $ mdata model frobnicate
      error: there is no verb `model frobnicate`
      hint: `mdata model --help` lists the verbs
      [exit 64]
      $ mdata -C . shwo
      error: there is no verb `shwo`
      hint: did you mean `mdata show`?
      [exit 64]
      $ mdata --json comit
      {"causes":[],"code":64,"hints":["did you mean `mdata commit`?"],"message":"there is no verb `comit`","schema":"mdata.error/v1"}
      [exit 64]
      """#, changesNothing: true)
  }
}
