import CCrypto
import CZlib

/// An object of a git repository that is a file of its own: `type length\0content`, compressed with zlib
/// (RFC 1950) and named by the SHA-1 digest of the bytes before compression (gitformat-loose, git 2.x).
public struct LooseObject: Sendable {
  /// The types a version is made of, and the one that names a version with a message.
  public enum Kind: String, Sendable { case blob, tree, commit, tag }

  /// The SHA-1 digest, 20 bytes: git's id of the object.
  public let id: [UInt8]
  /// What the file holds.
  let fileBytes: [UInt8]

  /// An object with this content, compressed.
  ///
  /// - Throws: ``ObjectsError/compression(reason:)`` when memory runs out.
  public init(_ kind: Kind, _ content: [UInt8]) throws(ObjectsError) {
    let bytes = Array("\(kind.rawValue) \(content.count)\0".utf8) + content
    id = try Self.sha1(bytes)
    fileBytes = try Self.deflated(bytes)
  }

  private static func sha1(_ bytes: [UInt8]) throws(ObjectsError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil) == 1 else {
      throw .compression(reason: "libcrypto has no SHA-1 here, without which git objects have no names")
    }
    return digest
  }

  private static func deflated(_ bytes: [UInt8]) throws(ObjectsError) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var target = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&target, &count, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION) == Z_OK else {
      throw .compression(reason: "zlib is out of memory")
    }
    return Array(target.prefix(Int(count)))
  }
}
