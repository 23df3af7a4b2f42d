import History

/// Signs text with the program and the key that git's configuration names, as git does (its `gpg-interface.c`).
struct Signer {
  private let settings: SigningSettings
  private let programs: any ProgramRunner
  private let session: Session

  /// - Throws: ``Failure`` of kind `configuration` when nothing can be signed this way.
  init(_ settings: SigningSettings, in session: Session) throws {
    guard let programs = session.programs else {
      throw Failure(.configuration, "nothing can be signed here: this program runs no other programs")
    }
    if settings.format == .x509 {
      throw Failure(
        .configuration, "mdata does not sign with X.509 certificates",
        hint: "`git config --global gpg.format ssh`, or `openpgp`")
    }
    if settings.format == .ssh, settings.key == nil {
      throw Failure(
        .configuration, "no key is named to sign with",
        hint: "`git config --global user.signingKey ~/.ssh/id_ed25519.pub`")
    }
    self.settings = settings
    self.programs = programs
    self.session = session
  }

  /// The signature of a text: lines of ASCII, the last with its end.
  ///
  /// - Throws: ``Failure``: the program is missing, or it refused, as when there is no such key.
  func sign(_ payload: [UInt8], as identity: GitIdentity) throws -> [UInt8] {
    let call = settings.format == .ssh ? sshCall(payload) : openPGPCall(payload, identity)
    let result: ProgramResult
    do throws(ProgramFailure) { result = try programs.run(call) } catch { throw Failure(program: error) }
    let words = Self.lines(of: result.errors)
    let isMade =
      settings.format == .ssh || words.contains { $0.utf8.starts(with: "[GNUPG:] SIG_CREATED ".utf8) }
    guard result.code == 0, isMade else { throw refusal(call.program, words) }
    let signature = (result.answer ?? result.output).filter { $0 != UInt8(ascii: "\r") }
    guard SignedText.format(at: signature[...]) == settings.format, signature.last == UInt8(ascii: "\n"),
      signature.count <= Self.longest, signature.allSatisfy({ $0 == 0x0A || 0x20..<0x7F ~= $0 })
    else {
      throw Failure(
        .other, "what `\(call.program)` gave is no signature: nothing was signed",
        hint: "git's settings `gpg.program` and `gpg.ssh.program` name the programs")
    }
    return signature
  }

  /// The longest signature, in bytes: one of RSA with 16,384 bits has 4,000.
  private static let longest = 1 << 16

  /// `ssh-keygen -Y sign` (ssh-keygen(1)). The key is a file, or a public key whose private half an agent has.
  private func sshCall(_ payload: [UInt8]) -> ProgramCall {
    let key = settings.key ?? ""
    var words: [ProgramCall.Argument] = ["-Y", "sign", "-n", "git", "-f"].map { .word($0) }
    if let literal = Self.literal(key) {
      words += [.file(Array((literal + "\n").utf8)), .word("-U")]
    } else {
      words.append(.word(session.path(GitSettings.expanded(key))))
    }
    return ProgramCall(
      settings.sshProgram, words + [.file(payload)], input: .inherited, answerSuffix: ".sig")
  }

  /// A public key that the setting gives itself: after `key::`, or what begins as the keys of old do.
  private static func literal(_ key: String) -> String? {
    if key.utf8.starts(with: "key::".utf8) { return String(key.dropFirst(5)) }
    return key.utf8.starts(with: "ssh-".utf8) ? key : nil
  }

  /// `gpg` with a detached signature in armour (gpg(1)). Without a setting it looks for the author's key.
  private func openPGPCall(_ payload: [UInt8], _ identity: GitIdentity) -> ProgramCall {
    let key = settings.key ?? "\(identity.name) <\(identity.email)>"
    return ProgramCall(
      settings.openPGPProgram, ["--status-fd=2", "-bsau", key].map { .word($0) }, input: .bytes(payload))
  }

  private func refusal(_ program: String, _ words: [String]) -> Failure {
    let said = words.filter { !$0.utf8.starts(with: "[GNUPG:]".utf8) }
    var failure = Failure(
      .denied, "`\(program)` did not sign, and nothing was written", causes: Array(said.prefix(5)))
    let key = settings.key.map { "`user.signingKey` is `\($0)`" } ?? "`user.signingKey` is not set"
    failure.hints = ["git's setting \(key); `--no-sign` leaves the signature out"]
    return failure
  }

  static func lines(of bytes: [UInt8]) -> [String] {
    bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Failure {
  /// A program that did not run.
  init(program failure: ProgramFailure) {
    switch failure {
    case .cannotStart:
      self.init(
        .configuration, "\(failure)",
        hint:
          "install it, or name another one: `git config --global gpg.program PATH`, `gpg.ssh.program` for SSH"
      )
    case .wroteTooMuch: self.init(.other, "\(failure)")
    case .noTemporaryFile: self.init(.io, "\(failure)")
    }
  }
}
