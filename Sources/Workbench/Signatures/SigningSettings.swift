import History

/// Whether what a verb makes is to be signed.
public enum SigningChoice: Sendable {
  /// As git's `commit.gpgSign` and `tag.gpgSign` say.
  case configured
  /// Whatever they say.
  case always, never
}

/// What can be signed.
enum Signed {
  case commit, tag
}

/// How git's configuration wants signatures to be made and checked (git-config: `gpg.*`, `user.signingKey`).
struct SigningSettings: Sendable {
  var format: SignedText.Format
  /// `user.signingKey`.
  var key: String?
  var signsCommits: Bool
  var signsTags: Bool
  /// `gpg.program`.
  var openPGPProgram: String
  /// `gpg.ssh.program`.
  var sshProgram: String
  /// `gpg.ssh.allowedSignersFile`: who may sign with which key, in ssh-keygen's own format.
  var allowedSigners: String?
  /// `gpg.ssh.revocationFile`.
  var revokedKeys: String?
  /// `gpg.minTrustLevel`.
  var leastTrust: SignatureCheck.Trust

  /// - Throws: ``Failure`` of kind `configuration` for a setting that mdata cannot follow.
  init(_ settings: GitSettings, in session: Session) throws {
    let name = settings.text("gpg.format") ?? "openpgp"
    guard let format = SignedText.Format(rawValue: name) else {
      throw Failure(
        .configuration, "git's setting `gpg.format` is `\(name)`, which is no format of signatures",
        hint: "`git config --global gpg.format ssh`, or `openpgp`")
    }
    let trust = settings.text("gpg.minTrustLevel") ?? "undefined"
    guard let leastTrust = SignatureCheck.Trust(rawValue: trust.lowercased()) else {
      throw Failure(
        .configuration, "git's setting `gpg.minTrustLevel` is `\(trust)`",
        hint: "it is one of undefined, never, marginal, fully, ultimate")
    }
    self.format = format
    self.leastTrust = leastTrust
    key = settings.text("user.signingKey")
    signsCommits = try settings.flag("commit.gpgSign") ?? false
    signsTags = try settings.flag("tag.gpgSign") ?? false
    openPGPProgram = settings.path("gpg.openpgp.program") ?? settings.path("gpg.program") ?? "gpg"
    sshProgram = settings.path("gpg.ssh.program") ?? "ssh-keygen"
    allowedSigners = settings.path("gpg.ssh.allowedSignersFile").map(session.path)
    revokedKeys = settings.path("gpg.ssh.revocationFile").map(session.path)
  }
}

/// What is signed or checked in a repository.
extension Workspace {
  /// Git's settings, of the user and of the code repository around if that is this user's own.
  func signingSettings() throws -> SigningSettings {
    if let known = knownSigningSettings { return known }
    let settings = try SigningSettings(
      GitSettings(near: session.directory, trusting: .owner), in: session)
    knownSigningSettings = settings
    return settings
  }

  /// What signs commits, or tags; nil when they are not to be signed.
  ///
  /// - Throws: ``Failure`` of kind `configuration` when the key or the program is not named.
  func signer(for kind: Signed) throws -> Signer? {
    switch session.signing {
    case .never: return nil
    case .configured:
      let settings = try signingSettings()
      guard kind == .tag ? settings.signsTags : settings.signsCommits else { return nil }
    case .always: break
    }
    return try Signer(signingSettings(), in: session)
  }

  /// Gives the text of a commit its signature, if it shall have one.
  func signature(ofCommit payload: [UInt8], by identity: GitIdentity) throws -> [UInt8]? {
    try signer(for: .commit)?.sign(payload, as: identity)
  }
}
