public import Workbench

/// Stands for `gpg` where verbs run without other programs: every text has the same signature, which nobody verifies.
public struct SigningStub: ProgramRunner {
  public init() {}

  /// The session, with whatever is made signed by the stub.
  public static func signing(_ session: Session) -> Session {
    var signing = session
    signing.signing = .always
    signing.programs = SigningStub()
    return signing
  }

  public func run(_ call: ProgramCall) throws(ProgramFailure) -> ProgramResult {
    let kind = call.answerSuffix == nil ? "PGP" : "SSH"
    let signature = Array(
      "-----BEGIN \(kind) SIGNATURE-----\n\nc3R1Yg==\n-----END \(kind) SIGNATURE-----\n".utf8)
    return ProgramResult(
      code: 0, output: signature, errors: Array("[GNUPG:] SIG_CREATED D 22 8 00 1 0\n".utf8),
      answer: signature)
  }
}
