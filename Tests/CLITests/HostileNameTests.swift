import Foundation
import Testing

/// Names that try to leave the repository, to be options, to hide or to break something, given to every verb that takes
/// a name. Whatever a verb says to them, nothing outside the working folder changes, and nothing dies.
@Suite struct HostileNameTests {
  /// 200 names: paths, options, control and bidirectional characters, lookalikes, git's and the shell's syntax.
  static let names: [String] = {
    let paths = [
      "..", "../..", "../escape", "../../escape", "/tmp/mdata-escape", "a/../../escape", "./../escape",
      "//escape",
      "refs/../../escape", "../.git/config", "../.bashrc", "~/escape", "~root/escape", "$HOME/escape",
      ".mdata/../../escape", "a/b/../../../escape", "/etc/passwd", "/dev/null", "/dev/full", "/dev/stdin",
      "/proc/self/mem", "/proc/self/environ", "..\\escape", "..%2fescape", "..;/escape", ".%00/escape",
    ]
    let options = [
      "-", "--", "-x", "--help", "--version", "--output=../escape", "-o../escape",
      "--upload-pack=touch escape",
      "-C..", "--force", "-d", "--delete", "--json", "-n1", "--exec=sh", "-mx", "--no-index", "--all",
      "--git-dir=..", "--work-tree=/", "-c core.pager=x", "--config=x", "--exec-path", "@file",
    ]
    let syntax = [
      "HEAD", "head", "@", "@{-1}", "@{u}", "HEAD@{0}", "main@{yesterday}", "main..side", "main...side",
      "main:path",
      ":/text", "^main", "main^{tree}", "main^{/x}", "main~999999999", "main^99", "main~~~~", "HEAD^0~1^2",
      "refs/heads/main",
      "refs/heads/", "heads/main", "remotes/origin/main", "refs/stash", "FETCH_HEAD", "ORIG_HEAD",
      "MERGE_HEAD",
      "config", "packed-refs", "index.lock", "main.lock", "a.lock/b", ".hidden", "a/.b", "a.", "a/", "/a",
      "a//b",
      "a..b", "a b", "a*b", "a?b", "a[b", "a\\b", "a^b", "a~b", "a:b", "branch:", "tag:", "branch:../x",
      "tag:-x",
      "branch:branch:main", "0000000000000000000000000000000000000000", "ffffffff", "deadbeef:1",
      "3fa9c1e2:0",
      "3fa9c1e2:-1", "3fa9c1e2:4294967296", "3fa9c1e2:99999999999999999999", "3fa9c1e2:1:1", ":1", "3fa9:",
      "::::",
      "3FA9C1E2:1", "３fa9:1", "3fa9c1e2:１", "0x3fa9:1", "1e9:1",
    ]
    let hidden = [
      "\u{1B}[31mred", "\u{1B}]52;c;Zm9v\u{7}", "\u{1B}]0;title\u{7}", "a\rb", "a\nb", "a\tb", "\u{7}\u{7}",
      "\u{8}\u{8}x",
      "\u{7F}", "\u{9B}31m", "\u{85}", "\u{202E}gpj.exe", "\u{2066}x\u{2069}", "\u{200B}", "\u{FEFF}main",
      "main\u{200D}",
      "\u{2028}", "\u{E0041}", "a\u{300}", "á", "ｍａｉｎ", "mаin", "ﬁ", "\u{0}", "é/../x", "💥", "\u{FFFF}",
      "ä\u{308}\u{308}",
    ]
    let shell = [
      "$(touch escape)", "`touch escape`", ";touch escape", "|touch escape", "&&touch escape", ">escape",
      "<escape", "'",
      "\"", "\\", "!", "#", "%s%s%s%n", "%x", "{a,b}", "a=b", "*", "?", "[a]", "(", ")", "\\x00", "${PATH}",
      "'; DROP TABLE commits; --", "\" OR 1=1", "NULL", "nil", "undefined", "CON", "aux.txt", "com1",
      "a:stream", "a.b.c.",
    ]
    let long = [
      String(repeating: "a", count: 200), String(repeating: "a", count: 201),
      String(repeating: "a", count: 255),
      String(repeating: "a", count: 256), String(repeating: "a", count: 5000),
      String(repeating: "a/", count: 100) + "a",
      String(repeating: "a/", count: 2000) + "a", String(repeating: "é", count: 128),
      String(repeating: "../", count: 500),
      String(repeating: "~", count: 1000), String(repeating: "^", count: 1000),
      String(repeating: "0", count: 10000),
      "main" + String(repeating: "~1", count: 1000), String(repeating: "9", count: 100), "", " ", "  ", "\n",
      String(repeating: "-", count: 300), String(repeating: ".", count: 300),
      String(repeating: ":", count: 300),
      String(repeating: "\u{1B}[31m", count: 50),
    ]
    return paths + options + syntax + hidden + shell + long
  }()

  /// Every verb in every place where it takes a name.
  static let verbs: [[String]] = [
    ["branch", "NAME"], ["branch", "b", "NAME"], ["branch", "-d", "NAME"], ["tag", "NAME"],
    ["tag", "t", "NAME"],
    ["tag", "-d", "NAME"], ["switch", "NAME"], ["switch", "-c", "NAME"], ["show", "NAME"], ["diff", "NAME"],
    ["diff", "HEAD", "NAME"], ["blame", "NAME"], ["cat", "NAME"], ["log", "NAME"], ["audit", "NAME"],
    ["pin", "NAME"],
    ["checkout", "NAME", "-o", "out.jsonl"], ["checkout", "HEAD", "--format", "NAME", "-o", "-"],
    ["add", "NAME"],
    ["add", "row.jsonl", "--name", "NAME"], ["add", "row.jsonl", "--teacher", "NAME"],
    ["add", "row.jsonl", "--license", "NAME"], ["add", "row.jsonl", "--prompt", "NAME"],
    ["add", "row.jsonl", "--seed-file", "NAME"], ["add", "row.jsonl", "--recipe", "NAME"],
    ["add", "row.jsonl", "--map", "instruction=NAME"], ["add", "row.jsonl", "--column", "NAME=x"],
    ["commit", "row.jsonl", "-m", "NAME"], ["commit", "--sync", "NAME", "-m", "x"],
    ["commit", "--update", "row.jsonl", "--key", "NAME", "-m", "x"], ["status", "-C", "NAME"], ["NAME"],
    ["query", "NAME"], ["query", "SELECT * FROM NAME"], ["query", "SELECT 1", "--at", "NAME"],
    ["query", "--file", "NAME"],
    ["search", "NAME"], ["search", "a", "--field", "NAME"], ["op", "restore", "NAME"], ["gc", "NAME"],
    ["undo", "NAME"],
    ["help", "NAME"],
    ["model", "info", "NAME"], ["model", "convert", "NAME", "o"],
    ["model", "convert", "none", "o", "--type", "NAME"],
    ["train", "NAME", "--model", "none", "--out", "o"], ["train", "HEAD", "--model", "NAME", "--out", "o"],
    ["checkout", "HEAD", "-o", "NAME"], ["add", "row.jsonl", "--skip-invalid", "NAME"], ["init", "NAME"],
    ["model", "new", "NAME"], ["train", "HEAD", "--model", "none", "--out", "NAME"],
    ["model", "convert", "none", "NAME"],
  ]

  /// How many verbs at the end of the list write where the user says: there a path outside is the user's own word, and
  /// only names that stay inside are tried (this test may run as root).
  static let targets = 6

  /// Which verb meets which name: each name meets one verb in the normal tests, and every verb with `MDATA_TORTURE`.
  static let meetings: [(name: Int, verb: Int)] = {
    let isLong = ProcessInfo.processInfo.environment["MDATA_TORTURE"] != nil
    return names.indices.flatMap { name in
      (0..<(isLong ? verbs.count : 1)).map { (name, (name * 11 + $0) % verbs.count) }
    }
    .filter { name, verb in
      let leaves = names[name].contains("..") || names[name].hasPrefix("/") || names[name].hasPrefix("~")
      return verb < verbs.count - targets || !leaves
    }
  }()

  @Test func thereAreEnough() {
    #expect(Self.names.count >= 200, "\(Self.names.count)")
    #expect(Set(Self.meetings.map(\.verb)).count == Self.verbs.count, "every verb meets some name")
  }

  /// A folder with a canary around the working folder, so that an escape by `..` lands somewhere that is looked at.
  @Test func nothingLeavesTheWorkingFolder() async throws {
    let outer = try await TestRepository(initialised: false)
    try outer.write("canary", "untouched")
    try outer.write(".bashrc", "untouched")
    let inner = outer.path("inner")
    try outer.write("inner/row.jsonl", "{\"instruction\":\"a\",\"output\":\"b\"}\n")
    for command in ["init -q", "commit row.jsonl -m x -q", "branch side -q", "tag v1 -q"] {
      #expect(try await outer.shell("cd inner && mdata \(command)").code == 0)
    }
    let outside = try Self.outside(outer)
    let allowed: Set<Int32> = [0, 1, 2, 64, 65, 66, 69, 74, 77, 78]
    for (name, verb) in Self.meetings {
      let text = Self.names[name].filter { $0 != "\u{0}" }
      let arguments = ["-C", inner] + Self.verbs[verb].map { $0.replacing("NAME", with: text) }
      // `-C` of the test's own would be overruled by the verb's.
      let own = Self.verbs[verb].contains("-C") ? Array(arguments.dropFirst(2)) : arguments
      let output = try await outer.run(own, environment: ["HOME": outer.folder.path], input: [])
      #expect(allowed.contains(output.code), "\(own) ends with \(output.code): \(output.text)")
      try Self.checkText(output, own)
    }
    #expect(try Self.outside(outer) == outside)
    #expect(try await outer.shell("cd inner && mdata log -q && mdata checkout v1 -q -o -").code == 0)
  }

  private static func outside(_ outer: TestRepository) throws -> [String: Data] {
    try outer.files().filter { !$0.key.hasPrefix("inner/") && $0.key != "inner" }
  }

  /// No control or hidden character of a name comes out as itself, and nothing is a defect.
  private static func checkText(_ output: TestRepository.Output, _ arguments: [String]) throws {
    let text = output.text
    #expect(!text.contains("defect of mdata"), "\(arguments): \(text)")
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F..<0xA0).contains(scalar.value)
      let isHidden = [0x202E, 0x2066, 0x2069, 0x2028, 0xFEFF, 0xE0041].contains(scalar.value)
      #expect(
        !isControl && !isHidden,
        "\(arguments) prints U+\(String(scalar.value, radix: 16)): \(text.debugDescription)")
    }
  }
}
