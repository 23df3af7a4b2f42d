import Foundation
import Testing
import Workbench

@testable import mdata

/// How programs are run, with those that every system has.
@Suite struct SigningProgramsTests {
  let folder: URL
  let programs: SigningPrograms

  init() throws {
    // As `mdata` does when it starts.
    signal(SIGPIPE, SIG_IGN)
    folder = FileManager.default.temporaryDirectory.appending(path: "mdata-programs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    programs = SigningPrograms(folder: folder.path)
  }

  private func shell(
    _ script: String, _ more: [ProgramCall.Argument] = [], input: [UInt8] = [], answerSuffix: String? = nil
  ) throws -> ProgramResult {
    let result = Result {
      try programs.run(
        ProgramCall(
          "sh", [.word("-c"), .word(script)] + more, input: .bytes(input), answerSuffix: answerSuffix))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    return try result.get()
  }

  @Test func bytesGoInAndComeOut() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let found = try shell("tee /dev/stderr", input: bytes)
    #expect(found.output == bytes && found.errors == bytes && found.code == 0)
    #expect(try shell("exit 3").code == 3)
    #expect(try shell("kill -9 $$").code == 128 + 9)
  }

  /// A program that does not read what it is given, or closes its ends early, stops nothing.
  @Test func programsThatDoNotListen() throws {
    let much = [UInt8](repeating: 1, count: 1 << 20)
    #expect(try shell("exec <&-; echo done", input: much).output == Array("done\n".utf8))
    #expect(try shell("exec >&- 2>&-; cat > /dev/null; exit 5", input: much).code == 5)
    // `yes` ends because its reader went away: mdata's own way with that signal is not handed on.
    #expect(try shell("(yes; echo $? >&2) | head -n 1").errors == Array("141\n".utf8))
  }

  @Test func wordsAndFilesArriveAsTheyAre() throws {
    let words: [ProgramCall.Argument] = [
      .word("name"), .word("$(id) `id` \"'* "), .word("-x"), .file([0, 255, 10]),
    ]
    let found = try shell("printf '%s|' \"$1\" \"$2\"; stat -c '%a %u' \"$3\" \"${3%/*}\"; cat \"$3\"", words)
    let user = getuid()
    #expect(found.output == Array("$(id) `id` \"'* |-x|600 \(user)\n700 \(user)\n".utf8) + [0, 255, 10])
  }

  @Test func anAnswerIsReadBesideTheLastFile() throws {
    let words: [ProgramCall.Argument] = [.word("name"), .file([1]), .file([2])]
    #expect(try shell("cat \"$1\" \"$2\" > \"$2.sig\"", words, answerSuffix: ".sig").answer == [1, 2])
    #expect(try shell("true", words, answerSuffix: ".sig").answer == nil)
    // A link is not an answer.
    #expect(try shell("ln -s /etc/passwd \"$2.sig\"", words, answerSuffix: ".sig").answer == nil)
  }

  @Test func whatWritesWithoutEndIsEnded() {
    #expect(throws: ProgramFailure.wroteTooMuch("sh")) { try shell("yes") }
    #expect(throws: ProgramFailure.wroteTooMuch("sh")) { try shell("yes >&2") }
    #expect(throws: ProgramFailure.wroteTooMuch("sh")) {
      try shell("head -c 2000000 /dev/zero > \"$1.sig\"", [.word("name"), .file([1])], answerSuffix: ".sig")
    }
  }

  @Test func whatCannotBeRun() throws {
    for program in ["/nonexistent/x", "mdata-has-no-such-program", folder.path] {
      #expect(throws: ProgramFailure.self) {
        try programs.run(ProgramCall(program, [.file([1])], input: .bytes([1])))
      }
    }
    #expect(throws: ProgramFailure.self) {
      try SigningPrograms(folder: "/nonexistent").run(ProgramCall("true", [], input: .inherited))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    try FileManager.default.removeItem(at: folder)
  }
}
