import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A folder of its own in which the built `mdata` runs with an empty environment, a fixed clock and a fixed author,
/// so that every output is the same on every machine.
final class TestRepository: Sendable {
  let folder: URL
  /// The ids seen so far; see ``Identities``.
  let identities = Mutex(Identities())

  /// An empty folder, with an empty repository when `initialised`.
  init(initialised: Bool = true) async throws {
    folder = Self.place()
    if initialised {
      try FileManager.default.copyItem(at: await Self.empty.value.folder, to: folder)
    } else {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  /// Made once: a copy is cheaper than a process.
  private static let empty = Task {
    let repository = try await TestRepository(initialised: false)
    try await repository.run("init", "--quiet")
    return repository
  }

  /// A copy of another one.
  init(copying other: TestRepository) throws {
    folder = Self.place()
    try FileManager.default.copyItem(at: other.folder, to: folder)
    let known = other.identities.withLock { $0 }
    identities.withLock { $0 = known }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private static func place() -> URL {
    FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-cli-\(UUID().uuidString)", directoryHint: .isDirectory)
  }

  // MARK: Runs

  struct Output: Equatable {
    var code: Int32
    var bytes: [UInt8]
    var stderr: String

    var stdout: String { String(decoding: bytes, as: UTF8.self) }

    /// Standard output, then standard error, then the exit code when it is not nought: one text to compare with.
    var text: String {
      let out = stdout + stderr
      return out + (out.isEmpty || out.hasSuffix("\n") ? "" : "\n") + (code == 0 ? "" : "[exit \(code)]\n")
    }
  }

  @discardableResult
  func run(_ arguments: String..., environment: [String: String?] = [:], input: [UInt8] = []) async throws
    -> Output
  {
    try await run(arguments, environment: environment, input: input)
  }

  /// Runs the binary; a nil in the environment takes a variable away.
  @discardableResult
  func run(
    _ arguments: [String], environment extra: [String: String?] = [:], input: [UInt8] = []
  ) async throws -> Output {
    try await execute(.path(FilePath(Self.binary)), arguments, environment: extra, input: input)
  }

  /// Runs a shell script in which `mdata` is the built binary.
  @discardableResult
  func shell(_ script: String) async throws -> Output {
    try await execute(.path("/bin/sh"), ["-c", script], environment: [:], input: [])
  }

  /// Whether a command of the system works here: asked by tests that watch `mdata` with another program, which may be
  /// missing, or forbidden in a container.
  static func succeeds(_ command: String) async throws -> Bool {
    try await TestRepository(initialised: false).shell(command).code == 0
  }

  private func execute(
    _ executable: Executable, _ arguments: [String], environment extra: [String: String?], input: [UInt8]
  ) async throws -> Output {
    var environment: [String: String?] = [
      "HOME": folder.path,
      "PATH": URL(fileURLWithPath: Self.binary).deletingLastPathComponent().path + ":/usr/bin:/bin",
      "COLUMNS": "100", "TZ": "UTC", "LC_ALL": "C.UTF-8", "MDATA_NOW": "1767225600",
      "MDATA_AUTHOR_NAME": "A Tester",
      "MDATA_AUTHOR_EMAIL": "tester@localhost",
    ]
    environment.merge(extra) { $1 }
    let values = environment.compactMapValues { $0 }
    let keyed = Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(stringLiteral: $0), $1) })
    await Self.gate.enter()
    defer { Self.gate.leave() }
    let result = try await Subprocess.run(
      executable, arguments: Arguments(arguments), environment: .custom(keyed),
      workingDirectory: FilePath(folder.path),
      input: .array(input), output: .bytes(limit: 64 << 20), error: .bytes(limit: 1 << 20))
    let code: Int32 = if case .exited(let code) = result.terminationStatus { code } else { -1 }
    return Output(
      code: code, bytes: result.standardOutput, stderr: String(decoding: result.standardError, as: UTF8.self))
  }

  /// Tests begin all at once; their processes take turns.
  private static let gate = Gate(width: 4)

  // MARK: Files

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

  func write(_ name: String, bytes: [UInt8]) throws {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Every file and folder with its content: to show that a failed verb changed nothing.
  func files() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      // The index is a cache: opening it may write its own files. The lock file says who held it last.
      if name.contains("index.sqlite") || name == ".mdata/lock" { continue }
      found[name] = FileManager.default.contents(atPath: path(name)) ?? Data()
    }
    return found
  }

  // MARK: Where things are

  /// Beside the test bundle, where the build puts it.
  static let binary: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appending(path: "mdata").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    return "mdata"
  }()

  /// The project's fixtures.
  static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "fixtures")

  static func fixturePath(_ name: String) -> String { fixtures.appending(path: name).path }

  static func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: fixtures.appending(path: name)))
  }
}
