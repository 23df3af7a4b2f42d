import Foundation

/// The repository's files as the architecture tests see them.
enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The names of the folders directly below `path`.
  static func folders(in path: String) throws -> [String] {
    try FileManager.default
      .contentsOfDirectory(at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey])
      .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
      .map(\.lastPathComponent).sorted()
  }

  /// Every Swift file below `path`, as (path from the root, lines).
  static func swiftFiles(in path: String) throws -> [(path: String, lines: [String])] {
    let folder = root.appending(path: path)
    guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
      return []
    }
    return try walk.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
      .map {
        let name = String($0.path.dropFirst(root.path.count + 1))
        return (name, try String(contentsOf: $0, encoding: .utf8).components(separatedBy: "\n"))
      }
  }
}
