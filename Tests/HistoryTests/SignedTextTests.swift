import Records
import Testing

@testable import History

@Suite struct SignedTextTests {
  static let header =
    "tree 5f91527810af61ebbb914a02f5f67c59bf06d128\nauthor A <a@b> 5 +0130\ncommitter A <a@b> 7 +0000\n"
  static let signature = "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n"

  private func commit(_ text: String) -> SignedText { SignedText(commit: Array(text.utf8)) }

  @Test func whatIsPutTogetherComesApart() {
    let signature = Array(Self.signature.utf8)
    let header = String(decoding: SignedText.header(signature), as: UTF8.self)
    #expect(header == "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abcd\n -----END PGP SIGNATURE-----\n")
    let found = commit(Self.header + header + "\nmessage\n")
    #expect(found.signature == signature)
    #expect(found.payload == Array((Self.header + "\nmessage\n").utf8))
    #expect(found.format == .openpgp)
    #expect(found.time == 7)
  }

  @Test func aCommitWithoutASignature() {
    let text = Self.header + "\ngpgsig -----BEGIN PGP SIGNATURE-----\n in the message\n"
    #expect(commit(text).signature == nil)
    #expect(commit(text).payload == Array(text.utf8))
  }

  /// As git does: further headers with lines of their own are signed, signatures for other hash functions are not.
  @Test func otherHeadersStay() {
    let merged =
      "mergetag object 5f91527810af61ebbb914a02f5f67c59bf06d128\n type commit\n \n gpgsig no\nencoding UTF-8\n"
    let other = "gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n xyz\n"
    let own = "gpgsig -----BEGIN SSH SIGNATURE-----\n ab\n"
    for signatures in [own + other, other + own] {
      let found = commit(Self.header + merged + signatures + "\nm\n")
      #expect(found.payload == Array((Self.header + merged + "\nm\n").utf8))
      #expect(found.signature == Array("-----BEGIN SSH SIGNATURE-----\nab\n".utf8))
      #expect(found.format == .ssh)
    }
  }

  @Test(arguments: ["gpgsig \n\nm", "gpgsig x", "gpgsig nothing known\n more\n\nm", "gpgsig  \n \n \n"])
  func aMalformedSignatureIsASignatureOfNoKind(text: String) {
    let found = commit(Self.header + text)
    #expect(found.signature != nil && found.format == nil)
  }

  @Test func aTagEndsWithItsSignature() {
    let text =
      "object 5f91527810af61ebbb914a02f5f67c59bf06d128\ntype commit\ntag v1\ntagger A <a@b> 9 -0330\n\nm\n"
    let quoted = text + Self.signature + "more\n" + Self.signature
    let found = SignedText(tag: Array(quoted.utf8))
    #expect(found.signature == Array(Self.signature.utf8))
    #expect(found.payload == Array((text + Self.signature + "more\n").utf8))
    #expect(found.time == 9)
    #expect(SignedText(tag: Array(text.utf8)).signature == nil)
    #expect(SignedText(tag: Array((text + "no -----BEGIN PGP SIGNATURE-----\n").utf8)).signature == nil)
  }

  @Test(
    arguments: [
      ("A B <a@b> 1767225600 +0130", "A B", "a@b", 1_767_225_600, 90), (" <> 0 -0100", "", "", 0, -60),
      ("A <a>b> 5 +00x0", "A", "a>b", 5, 0), ("A <a@b> 5 +9999", "A", "a@b", 5, 0),
      ("A <a@b> 5", "A", "a@b", 5, 0),
      ("A <a@b> 99999999999999999999 +0000", "A", "a@b", nil, nil),
      ("A <a@b> -5 +0000", "A", "a@b", nil, nil),
      ("A <a@b>", "A", "a@b", nil, nil),
    ] as [(String, String, String, Int64?, Int32?)])
  func aLineOfAPerson(line: String, name: String, email: String, seconds: Int64?, offset: Int32?) throws {
    let found = try #require(GitIdentity.read(Array(line.utf8)[...]))
    #expect(found.identity == GitIdentity(name: name, email: email))
    #expect(found.time?.seconds == seconds && found.time?.offset == offset)
    #expect(GitIdentity.read(Array("nobody".utf8)[...]) == nil)
    #expect(GitIdentity.read(Array("> x <".utf8)[...]) == nil)
  }
}
