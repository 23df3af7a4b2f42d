import Glibc
import Objects
import Records

/// What identifies a base model: its numbers, its tokenizer and its weights.
enum ModelDigest {
  /// Of a file, SHA-256 of its bytes. Of a folder, SHA-256 over the lines `name sha256\n`, ordered by name, of config.json or adapter_config.json, tokenizer.json
  /// (tokenizer.model where there is none) and every safetensors file of the folder.
  ///
  /// - Throws: ``Failure`` naming the file that cannot be read.
  static func of(_ path: String) throws -> ContentDigest {
    let files = POSIXFileSystem()
    // A link to a folder is one.
    if try files.status(path + "/.") == nil { return try digest(ofFile: path) }
    let all = try files.list(path)
    let tokenizer = all.contains("tokenizer.json") ? "tokenizer.json" : "tokenizer.model"
    let names = all.filter {
      ["config.json", "adapter_config.json", tokenizer].contains($0) || $0.hasSuffix(".safetensors")
    }
    var lines: [UInt8] = []
    for name in names.sorted() {
      lines += Array("\(name) \(try digest(ofFile: path + "/" + name).hex)\n".utf8)
    }
    return digest(lines)
  }

  static func digest(_ bytes: [UInt8]) -> ContentDigest {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return ContentDigest(hasher.finish())
  }

  static func digest(ofFile path: String) throws -> ContentDigest {
    let file = try InputFile(path)
    let hasher = SHA256()
    hasher.begin()
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { return ContentDigest(hasher.finish()) }
      piece.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}
