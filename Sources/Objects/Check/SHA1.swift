import CCrypto

/// SHA-1 (FIPS 180-4), by which git names its objects and ends its packs. Nothing of ours is named by it.
public enum SHA1 {
  /// The 20 bytes of the digest of parts, one after another.
  public static func digest(_ parts: [UInt8]...) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { return [] }
    defer { EVP_MD_CTX_free(context) }
    EVP_DigestInit_ex(context, EVP_sha1(), nil)
    for part in parts { EVP_DigestUpdate(context, part, part.count) }
    return [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
      EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      count = 20
    }
  }
}
