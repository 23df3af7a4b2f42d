import History
import Objects
import Records

/// Checks signatures with the programs that git's configuration names, as git does (its `gpg-interface.c`).
struct Verifier {
  let settings: SigningSettings
  let session: Session

  /// What a signature says. A text without one is unsigned; what cannot be checked is unchecked, with the reason.
  ///
  /// - Throws: ``Failure`` when a program cannot be run.
  func check(_ text: SignedText) throws -> SignatureCheck {
    guard let signature = text.signature else { return SignatureCheck(.unsigned) }
    guard let format = text.format else {
      return SignatureCheck(.bad, details: ["the signature is of a kind that is not known"])
    }
    guard let programs = session.programs else {
      return SignatureCheck(.unchecked, format, details: ["this program runs no other programs"])
    }
    func run(_ call: ProgramCall) throws -> ProgramResult {
      do throws(ProgramFailure) { return try programs.run(call) } catch { throw Failure(program: error) }
    }
    switch format {
    case .openpgp:
      let call = OpenPGPCheck.call(settings.openPGPProgram, signature, of: text.payload)
      return try OpenPGPCheck.found(run(call), leastTrust: settings.leastTrust)
    case .ssh:
      return try SSHCheck(
        program: settings.sshProgram, allowedSigners: settings.allowedSigners.flatMap(existing),
        revokedKeys: settings.revokedKeys.flatMap(existing), moment: text.time.map(localMoment), run: run
      ).check(signature, of: text.payload)
    case .x509:
      return SignatureCheck(
        .unchecked, format, details: ["mdata does not check signatures with X.509 certificates: `git` does"])
    }
  }

  /// The same, where one that cannot be checked must not keep the others from being shown.
  func checkIfPossible(_ text: SignedText) -> SignatureCheck {
    do {
      return try check(text)
    } catch {
      return SignatureCheck(.unchecked, text.format, details: ["\(error)"])
    }
  }

  private func existing(_ path: String) throws -> String? {
    try session.fileSystem.status(path) == nil ? nil : path
  }

  /// A moment as `ssh-keygen` takes it: year to second, in local time, in which the list of signers is written too.
  private func localMoment(_ seconds: Int64) -> String {
    let limited = max(0, min(seconds, 253_402_300_799))
    let text = Timestamp(secondsSince1970: Int(limited) + session.localOffset(limited) * 60).text
    return String(text.filter { $0.isNumber })
  }
}
