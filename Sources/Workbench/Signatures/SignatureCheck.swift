import History

/// What a check of a signature found.
public struct SignatureCheck: Hashable, Sendable {
  /// What it says of the commit or tag.
  public enum State: String, Sendable, CaseIterable {
    /// Signed with a key that is known, and unchanged since.
    case good
    /// The signature is not one of this text.
    case bad
    /// The key is not among those that are known.
    case unknownKey = "unknown-key"
    /// The signature or the key had expired, or was not valid yet.
    case expired
    /// The key was revoked.
    case revoked
    /// Good, with a key that is trusted less than `gpg.minTrustLevel` asks for.
    case untrusted
    /// There is no signature.
    case unsigned
    /// It could not be checked; the text says why.
    case unchecked
  }

  /// How far gpg trusts a key (gpg's `doc/DETAILS`, `TRUST_`).
  public enum Trust: String, Sendable, Comparable, CaseIterable {
    case undefined, never, marginal, fully, ultimate

    /// Git's order, in which only what is asked for explicitly refuses a key of undefined trust.
    public static func < (left: Trust, right: Trust) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// What it says.
  public var state: State
  /// How the signature was made: `openpgp`, `ssh` or `x509`; nil when there is none, or one of a kind that is not known.
  public var format: String?
  /// Who signed, as the list of signers or the key says.
  public var signer: String?
  /// The id of the key in its program's words.
  public var key: String?
  /// The key's whole fingerprint.
  public var fingerprint: String?
  /// How far the key is trusted; nil for SSH.
  public var trust: Trust?
  /// What the program said, line by line; or why nothing was checked.
  public var details: [String] = []

  /// A finding without a program's words.
  init(_ state: State, _ format: SignedText.Format? = nil, details: [String] = []) {
    self.state = state
    self.format = format?.rawValue
    self.details = details
  }

  /// The same for a tag that was signed under one name and found under another: a signature is about the name too, and
  /// no other reference may borrow it.
  func of(_ signedName: String, at name: String) -> SignatureCheck {
    guard state == .good, !signedName.utf8.elementsEqual(name.utf8) else { return self }
    var copy = self
    copy.state = .bad
    copy.details.insert("it was signed as the tag `\(signedName)`", at: 0)
    return copy
  }
}
