import History

/// A signature by OpenPGP: what `gpg --verify` says of it on its status channel (gpg's `doc/DETAILS`).
enum OpenPGPCheck {
  static func call(_ program: String, _ signature: [UInt8], of payload: [UInt8]) -> ProgramCall {
    ProgramCall(
      program,
      ["--keyid-format=long", "--status-fd=1", "--verify"].map { .word($0) } + [
        .file(signature), .word("-"),
      ],
      input: .bytes(payload))
  }

  /// Words of which a status has exactly one, with what it means. The key's id and its user follow.
  private static let verdicts: [(word: String, state: SignatureCheck.State)] = [
    ("GOODSIG", .good), ("BADSIG", .bad), ("ERRSIG", .unchecked), ("EXPSIG", .expired),
    ("EXPKEYSIG", .expired),
    ("REVKEYSIG", .revoked),
  ]

  static func found(_ result: ProgramResult, leastTrust: SignatureCheck.Trust) -> SignatureCheck {
    var check = SignatureCheck(.bad, .openpgp)
    var verdicts = 0
    check.details = Signer.lines(of: result.errors)
    for line in Signer.lines(of: result.output) where line.utf8.starts(with: "[GNUPG:] ".utf8) {
      let words = line.dropFirst("[GNUPG:] ".count).split(
        separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
      guard let word = words.first else { continue }
      if let verdict = self.verdicts.first(where: { $0.word.utf8.elementsEqual(word.utf8) }) {
        verdicts += 1
        check.state = verdict.state
        check.key = words.count > 1 ? String(words[1]) : nil
        if verdict.state != .unchecked { check.signer = words.count > 2 ? String(words[2]) : nil }
      } else if word.utf8.elementsEqual("NO_PUBKEY".utf8), check.state == .unchecked {
        check.state = .unknownKey
      } else if word.utf8.elementsEqual("VALIDSIG".utf8), words.count > 1 {
        check.fingerprint = String(words[1])
      } else if word.utf8.starts(with: "TRUST_".utf8) {
        check.trust = SignatureCheck.Trust(rawValue: word.dropFirst("TRUST_".count).lowercased())
      }
    }
    // Several signatures at once could show one's verdict and another's key: git takes none of them.
    guard verdicts <= 1 else {
      return SignatureCheck(.bad, .openpgp, details: ["there are several signatures where one belongs"])
    }
    if check.state == .good, result.code != 0 { check.state = .bad }
    if check.state == .good, (check.trust ?? .undefined) < leastTrust { check.state = .untrusted }
    return check
  }
}
