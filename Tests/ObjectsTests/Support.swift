import Glibc
import Records

@testable import Objects

/// A directory that is removed with this object.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/mdata-objects-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
    }
    precondition(!path.isEmpty, "a temporary directory can be made")
  }

  deinit {
    let files = POSIXFileSystem()
    for name in (try? files.list(path)) ?? [] { try? files.remove("\(path)/\(name)") }
    rmdir(path)
  }

  func store() throws -> ObjectStore { try ObjectStore(directory: path, fileSystem: POSIXFileSystem()) }

  /// The packs' paths, sorted.
  var packs: [String] {
    ((try? POSIXFileSystem().list(path)) ?? []).filter { $0.hasSuffix(".pack") }.sorted().map {
      "\(path)/\($0)"
    }
  }
}

func contents(_ path: String) throws -> [UInt8] { try POSIXFileSystem().contents(of: path, limit: 1 << 30) }

/// Overwrites or creates a file, as nothing in a repository may.
func overwrite(_ path: String, _ bytes: [UInt8]) {
  unlink(path)
  let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
  _ = write(descriptor, bytes, bytes.count)
  close(descriptor)
}

/// A sentence-like pair of about `words` words.
func text(_ words: Int, _ generator: inout SplitMix64) -> [UInt8] {
  let vocabulary = [
    "the", "patient", "treatment", "may", "include", "chronic", "pain", "and", "severe", "blood", "dose",
  ]
  var text = "{\"instruction\":\"Explain "
  for _ in 0..<words { text += vocabulary.randomElement(using: &generator, or: "a") + " " }
  return Array((text + "\(generator.next() % 100_000)\",\"kind\":\"pair\",\"v\":1}").utf8)
}

extension Array {
  func randomElement(using generator: inout SplitMix64, or fallback: Element) -> Element {
    randomElement(using: &generator) ?? fallback
  }
}

func bytes(_ count: Int, _ generator: inout SplitMix64) -> [UInt8] {
  (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
}
