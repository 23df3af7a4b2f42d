import History

/// A signature by an SSH key: what `ssh-keygen -Y` says of it (ssh-keygen(1), OpenSSH's PROTOCOL.sshsig).
struct SSHCheck {
  let program: String
  /// The file that says who may sign with which key; nil when there is none.
  let allowedSigners: String?
  /// The file of revoked keys; nil when there is none.
  let revokedKeys: String?
  /// When it was signed, as `ssh-keygen` takes it; nil for the present moment.
  let moment: String?
  let run: (ProgramCall) throws -> ProgramResult

  func check(_ signature: [UInt8], of payload: [UInt8]) throws -> SignatureCheck {
    var said: [String] = []
    var isRevoked = false
    if let allowedSigners {
      let found = try run(call("find-principals", ["-f", allowedSigners], signature, of: []))
      said = Signer.lines(of: found.errors)
      for principal in found.code == 0 ? Signer.lines(of: found.output) : [] {
        let known = ["-n", "git", "-f", allowedSigners, "-I", principal]
        let words = known + (revokedKeys.map { ["-r", $0] } ?? [])
        let result = try run(call("verify", words, signature, of: payload))
        if result.code == 0, let good = Self.good(result) { return good }
        said += Signer.lines(of: result.errors)
        if revokedKeys != nil {
          // The same without the list of revoked keys: what made the difference is the list.
          isRevoked = try run(call("verify", known, signature, of: payload)).code == 0 || isRevoked
        }
      }
    } else {
      said = ["git's setting `gpg.ssh.allowedSignersFile` names no file, so no key is known"]
    }
    let result = try run(call("check-novalidate", ["-n", "git"], signature, of: payload))
    guard result.code == 0, var check = Self.good(result) else {
      let words = Signer.lines(of: result.errors).filter { !said.contains($0) }
      return SignatureCheck(.bad, .ssh, details: said + words)
    }
    let isTooLate = said.contains { $0.contains("key has expired") || $0.contains("key is not yet valid") }
    check.state = isRevoked ? .revoked : isTooLate ? .expired : .unknownKey
    check.details = said
    return check
  }

  private func call(
    _ verb: String, _ words: [String], _ signature: [UInt8], of payload: [UInt8]
  ) -> ProgramCall {
    let before: [ProgramCall.Argument] = (["-Y", verb] + words + ["-s"]).map { .word($0) }
    let after: [ProgramCall.Argument] = moment.map { [.word("-Overify-time=" + $0)] } ?? []
    return ProgramCall(program, before + [.file(signature)] + after, input: .bytes(payload))
  }

  /// Reads `Good "git" signature for PRINCIPAL with TYPE key FINGERPRINT`; a principal may have spaces.
  private static func good(_ result: ProgramResult) -> SignatureCheck? {
    guard var line = Signer.lines(of: result.output).first?[...],
      line.utf8.starts(with: "Good \"git\" signature ".utf8), let key = line.ranges(of: " key ").last
    else { return nil }
    let fingerprint = String(line[key.upperBound...])
    line = line[..<key.lowerBound].dropFirst("Good \"git\" signature ".count)
    var check = SignatureCheck(.good, .ssh)
    (check.key, check.fingerprint) = (fingerprint, fingerprint)
    if line.utf8.starts(with: "for ".utf8), let with = line.ranges(of: " with ").last {
      check.signer = String(line[..<with.lowerBound].dropFirst("for ".count))
    }
    return check
  }
}
