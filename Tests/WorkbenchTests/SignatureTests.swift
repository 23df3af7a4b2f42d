import Faults
import Foundation
import History
import Synchronization
import Testing

@testable import Workbench

/// Programs that say what a test wants them to.
private final class Answers: ProgramRunner {
  private let answers: Mutex<[ProgramResult]>
  let calls = Mutex<[ProgramCall]>([])

  init(_ answers: [ProgramResult]) { self.answers = Mutex(answers) }

  func run(_ call: ProgramCall) throws(ProgramFailure) -> ProgramResult {
    calls.withLock { $0.append(call) }
    let next: ProgramResult? = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    guard let next else { throw .cannotStart(call.program, reason: "No such file or directory") }
    return next
  }

  /// The words of each call, with files shown as `FILE`.
  var words: [String] {
    calls.withLock {
      $0.map { call in
        ([call.program]
          + call.arguments.map {
            if case .word(let word) = $0 { word } else { "FILE" }
          }).joined(separator: " ")
      }
    }
  }
}

private func result(_ code: Int32, _ output: String = "", errors: String = "", answer: String? = nil)
  -> ProgramResult
{
  ProgramResult(
    code: code, output: Array(output.utf8), errors: Array(errors.utf8), answer: answer.map { Array($0.utf8) })
}

@Suite struct SignatureTests {
  // MARK: What gpg says

  @Test(
    arguments: [
      (
        "[GNUPG:] GOODSIG 52F0 Ada <ada@x>\n[GNUPG:] VALIDSIG B5B2 2026 1\n[GNUPG:] TRUST_ULTIMATE 0 pgp\n",
        0, "good"
      ),
      ("[GNUPG:] GOODSIG 52F0 Ada <ada@x>\n[GNUPG:] TRUST_MARGINAL 0 pgp\n", 0, "untrusted"),
      ("[GNUPG:] GOODSIG 52F0 Ada <ada@x>\n", 1, "bad"),
      ("[GNUPG:] BADSIG 52F0 Ada <ada@x>\n", 1, "bad"),
      ("[GNUPG:] ERRSIG 52F0 22 8 00 1 9 B5B2\n[GNUPG:] NO_PUBKEY 52F0\n", 2, "unknown-key"),
      ("[GNUPG:] ERRSIG 52F0 22 8 00 1 4 B5B2\n", 2, "unchecked"),
      ("[GNUPG:] EXPKEYSIG 52F0 Ada <ada@x>\n", 0, "expired"),
      ("[GNUPG:] EXPSIG 52F0 Ada <ada@x>\n", 0, "expired"),
      ("[GNUPG:] REVKEYSIG 52F0 Ada <ada@x>\n", 0, "revoked"),
      ("[GNUPG:] GOODSIG 52F0 Ada\n[GNUPG:] BADSIG 52F0 Eve\n", 0, "bad"),
      ("[GNUPG:] NODATA 1\n", 1, "bad"), ("", 0, "bad"),
      ("GOODSIG 52F0 Ada\n [GNUPG:] GOODSIG 1 A\n", 0, "bad"),
      ("[GNUPG:] GOODSIG\n", 0, "untrusted"),
    ] as [(String, Int32, String)]) func gpg(output: String, code: Int32, state: String)
  {
    let found = OpenPGPCheck.found(result(code, output), leastTrust: .fully)
    #expect(found.state.rawValue == state)
    if output.contains("VALIDSIG") {
      #expect(found.signer == "Ada <ada@x>" && found.key == "52F0" && found.fingerprint == "B5B2")
    }
  }

  // MARK: What ssh-keygen says

  private func ssh(_ answers: [ProgramResult], revoked: String? = nil) throws -> (SignatureCheck, [String]) {
    let programs = Answers(answers)
    let check = SSHCheck(
      program: "keygen", allowedSigners: "/s", revokedKeys: revoked, moment: "20260101000000",
      run: { try programs.run($0) })
    return (try check.check([1], of: [2]), programs.words)
  }

  @Test func aKnownKey() throws {
    let good = "Good \"git\" signature for Ada with key <a key b@x> with RSA key SHA256:abc\n"
    let (found, calls) = try ssh([
      result(0, "other@x\nAda with key <a key b@x>\n"), result(255), result(0, good),
    ])
    #expect(
      found.state == .good && found.signer == "Ada with key <a key b@x>" && found.fingerprint == "SHA256:abc")
    #expect(
      calls == [
        "keygen -Y find-principals -f /s -s FILE -Overify-time=20260101000000",
        "keygen -Y verify -n git -f /s -I other@x -s FILE -Overify-time=20260101000000",
        "keygen -Y verify -n git -f /s -I Ada with key <a key b@x> -s FILE -Overify-time=20260101000000",
      ])
  }

  @Test func keysThatAreNotGoodEnough() throws {
    let good = result(0, "Good \"git\" signature with RSA key SHA256:abc\n")
    #expect(try ssh([result(255), good]).0.state == .unknownKey)
    #expect(
      try ssh([result(255, errors: "/s:1: key has expired: verify time …\n"), good]).0.state == .expired)
    #expect(try ssh([result(255), result(255, errors: "incorrect signature\n")]).0.state == .bad)
    // Another signature under the words that git looks for.
    #expect(
      try ssh([result(255), result(0, "Good \"file\" signature with RSA key SHA256:abc\n")]).0.state == .bad)
    #expect(try ssh([result(255), result(0, "Good \"git\" signature without more\n")]).0.state == .bad)
    let principal = result(0, "a@x\n")
    #expect(try ssh([principal, result(255), result(0), good], revoked: "/r").0.state == .revoked)
    #expect(throws: ProgramFailure.self) { try ssh([principal]) }
  }

  // MARK: Signing

  private static let signature = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"

  private func workshop(_ answers: [ProgramResult]) throws -> (Workshop, Session, Answers) {
    let workshop = try Workshop()
    try workshop.write("a.jsonl", lines([["instruction": "q", "output": "a"]]))
    var session = workshop.session
    let programs = Answers(answers)
    session.programs = programs
    session.signing = .always
    return (workshop, session, programs)
  }

  private func commit(_ session: Session) throws -> CommitResult {
    try CommitRequest(change: .files([ImportRequest(source: "a.jsonl")]), message: "x").run(in: session)
  }

  @Test func aRefusalLeavesNothingBehind() throws {
    let created = "[GNUPG:] SIG_CREATED D 22\n"
    let refusals = [
      result(2, errors: "gpg: no secret key\n"), result(0, Self.signature), result(0, "", errors: created),
      result(0, "-----BEGIN PGP SIGNATURE-----", errors: created),
      result(0, Self.signature + "\0\n", errors: created), result(0, Self.signature + "é\n", errors: created),
      result(0, Self.signature + String(repeating: "a\n", count: 1 << 16), errors: created),
      result(0, "tree x\n" + Self.signature, errors: created),
    ]
    let (workshop, session, programs) = try workshop(refusals)
    func files() throws -> [String] {
      // The index is a cache, and the lock's file says who held it last.
      try FileManager.default.subpathsOfDirectory(atPath: workshop.folder.path).sorted().filter {
        !$0.contains("index.sqlite") && $0 != ".mdata/lock"
      }
    }
    let before = try files()
    for _ in refusals { #expect(throws: Failure.self) { try commit(session) } }
    #expect(programs.words.count == refusals.count)
    #expect(throws: Failure.self) { try commit(session) }
    var alone = session
    alone.programs = nil
    #expect(throws: Failure.self) { try commit(alone) }
    #expect(try files() == before)
    #expect(try LogRequest().run(in: workshop.session).isEmpty)
  }

  @Test func whatIsSignedIsWhatIsVerified() throws {
    let workshop = try Workshop()
    try workshop.write("a.jsonl", lines([["instruction": "q", "output": "a"]]))
    let made = try #require(commit(SigningStub.signing(workshop.session)).commit)
    let git = try Workspace(workshop.session).repository.git()
    let id = try #require(CommitID(hex: made.commit))
    let text = try git.signedText(ofCommit: id)
    #expect(text.format == .openpgp && text.time == workshop.session.now)
    // The same without a signature.
    _ = try UndoRequest(.undo).run(in: workshop.session)
    let plain = try #require(commit(workshop.session).commit)
    #expect(plain.commit != made.commit)
    let other = try git.signedText(ofCommit: #require(CommitID(hex: plain.commit)))
    #expect(other.payload == text.payload && other.signature == nil)
    #expect(try FsckRequest().run(in: workshop.session).findings.isEmpty)
  }

  // MARK: Annotated tags

  @Test func tagsComeAndGo() throws {
    let workshop = try Workshop()
    for name in ["a", "b"] {
      try workshop.write("\(name).jsonl", lines([["instruction": name, "output": "a"]]))
      try workshop.commit("\(name).jsonl")
    }
    _ = try TagRequest("v1", at: "HEAD~1", message: "One").run(in: workshop.session)
    let tag = try #require(ShowRequest(revision: "v1").run(in: workshop.session).tag)
    #expect(tag.message == "One" && tag.tagger == "A Tester <tester@localhost>")
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(throws: Failure.self) { try ShowRequest(revision: "v1").run(in: workshop.session) }
    _ = try UndoRequest(.redo).run(in: workshop.session)
    #expect(try ShowRequest(revision: tag.object).run(in: workshop.session).tag?.object == tag.object)
    _ = try NamesRequest(.tag, action: .delete("v1")).run(in: workshop.session)
    // The version stays on a branch, so the tag can come back after everything unneeded is gone.
    _ = try GarbageCollectRequest(grace: 0).run(in: workshop.session)
    let undone = try UndoRequest(.undo).run(in: workshop.session)
    #expect(undone.references.map(\.new) == [tag.object])
    #expect(try LogRequest(revision: "v1").run(in: workshop.session).map(\.names) == [["v1"]])
    #expect(try FsckRequest().run(in: workshop.session).findings.isEmpty)
  }

  /// A tag keeps what it names, as a branch does.
  @Test func whatATagNamesIsNoGarbage() throws {
    let workshop = try Workshop()
    try workshop.write("a.jsonl", lines([["instruction": "q", "output": "a"]]))
    try workshop.commit("a.jsonl")
    _ = try TagRequest("kept", message: "Kept").run(in: workshop.session)
    let text = try workshop.checkout()
    _ = try UndoRequest(.restore(1)).run(in: workshop.session)
    _ = try TagRequest("kept2", message: "Kept").run(in: workshop.session)
    try workshop.write("b.jsonl", lines([["instruction": "other", "output": "b"]]))
    _ = try NamesRequest(.tag, action: .list).run(in: workshop.session)
    _ = try GarbageCollectRequest(aggressive: true, grace: 0).run(in: workshop.session)
    #expect(try workshop.checkout("kept2") == text)
  }

  @Test func aLostTagObjectIsDamage() throws {
    let workshop = try Workshop()
    try workshop.write("a.jsonl", lines([["instruction": "q", "output": "a"]]))
    try workshop.commit("a.jsonl")
    _ = try TagRequest("v1", message: "One").run(in: workshop.session)
    let object = try #require(ShowRequest(revision: "v1").run(in: workshop.session).tag).object
    let file = workshop.folder.appending(
      path: ".mdata/history.git/objects/\(object.prefix(2))/\(object.dropFirst(2))")
    let bytes = try Data(contentsOf: file)
    func damage() throws -> [FindingSummary] {
      try FsckRequest().run(in: workshop.session).findings.filter(\.isDamage)
    }
    // One flipped bit is found and repaired by the id.
    var damaged = bytes
    damaged[damaged.count - 3] ^= 4
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    try damaged.write(to: file)
    #expect(try damage().map(\.kind) == ["history"])
    #expect(try FsckRequest(repair: true).run(in: workshop.session).isIntact)
    #expect(try ShowRequest(revision: "v1").run(in: workshop.session).tag?.message == "One")
    // A missing one is named; versions are not concerned, and go on being read.
    try FileManager.default.removeItem(at: file)
    let found = try damage()
    #expect(!found.isEmpty && found.allSatisfy { $0.message.contains("missing") }, "\(found)")
    #expect(try LogRequest().run(in: workshop.session).count == 1)
  }
}
