import CCrypto
public import Records

/// SHA-256 (FIPS 180-4) through libcrypto, with the algorithm fetched once: a fetch for every message costs
/// more than hashing a short pair.
public final class SHA256 {
  private let context: OpaquePointer
  private static let algorithm = FetchedAlgorithm()

  /// A hasher that may be reused for any number of messages, on one thread at a time.
  public init() {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto is out of memory") }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Begins a message.
  public func begin() { EVP_DigestInit_ex(context, Self.algorithm.pointer, nil) }

  /// Adds bytes to the message.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// Ends the message and returns its digest.
  public func finish() -> ObjectID {
    withUnsafeTemporaryAllocation(byteCount: ObjectID.byteCount, alignment: 8) { digest in
      EVP_DigestFinal_ex(context, digest.baseAddress, nil)
      return ObjectID(loading: UnsafeRawBufferPointer(digest))
    }
  }
}

extension SHA256 {
  /// The digest of bytes that are all there.
  public static func digest(of bytes: [UInt8]) -> ContentDigest {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish())
  }
}

/// libcrypto's SHA-256, which is immutable once fetched.
private struct FetchedAlgorithm: @unchecked Sendable {
  let pointer = EVP_MD_fetch(nil, "SHA256", nil)
}
