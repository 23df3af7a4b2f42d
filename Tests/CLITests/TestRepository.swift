import Foundation
import Subprocess
import SystemPackage

/// A folder of its own in which the built `mdata` runs with an empty environment, a fixed clock and a fixed author,
/// so that every output is the same on every machine.
final class TestRepository: Sendable {
  let folder: URL

  init(initialised: Bool = true) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mdata-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if initialised { _ = try await run("init", "--quiet") }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  struct Output: Equatable {
    var code: Int32
    var stdout: String
    var stderr: String

    /// Standard output, then standard error, then the exit code when it is not nought: one text to compare with.
    var text: String {
      stdout + stderr + (code == 0 ? "" : "[exit \(code)]\n")
    }
  }

  /// Runs the binary; the folder's own path is shown as `$PLACE`.
  @discardableResult
  func run(_ arguments: String..., environment: [String: String] = [:], input: [UInt8] = []) async throws -> Output {
    try await run(arguments, environment: environment, input: input)
  }

  func run(_ arguments: [String], environment extra: [String: String] = [:], input: [UInt8] = []) async throws -> Output {
    var environment = [
      "HOME": folder.path, "PATH": "/usr/bin:/bin", "COLUMNS": "100", "TZ": "UTC", "LC_ALL": "C.UTF-8",
      "MDATA_NOW": "1767225600", "MDATA_AUTHOR_NAME": "A Tester", "MDATA_AUTHOR_EMAIL": "tester@localhost",
    ]
    environment.merge(extra) { $1 }
    let keyed = Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
    let result = try await Subprocess.run(
      .path(FilePath(Self.binary)), arguments: Arguments(arguments), environment: .custom(keyed),
      workingDirectory: FilePath(folder.path), input: .array(input), output: .bytes(limit: 64 << 20),
      error: .bytes(limit: 1 << 20))
    let code: Int32 = if case .exited(let code) = result.terminationStatus { code } else { -1 }
    return Output(code: code, stdout: shown(result.standardOutput), stderr: shown(result.standardError))
  }

  private func shown(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
      .replacingOccurrences(of: folder.resolvingSymlinksInPath().path, with: "$PLACE")
      .replacingOccurrences(of: folder.path, with: "$PLACE")
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  func write(_ name: String, bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: name).path) }

  /// Every file of the folder with its content: to show that a failed verb changed nothing.
  func files() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      // The index is a cache: opening it may write its own files.
      if path.contains("index.sqlite") { continue }
      if let data = FileManager.default.contents(atPath: folder.appending(path: path).path) { found[path] = data }
    }
    return found
  }

  /// Beside the test bundle, where the build puts it.
  private static let binary: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appending(path: "mdata").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "mdata"
  }()

  /// The project's fixtures.
  static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures")
}
