import Faults
import Foundation

/// Programs that a mode runs.
enum Program {
  struct Result: Sendable {
    /// Exit code, or minus the signal that ended it.
    var code: Int32
    var output: String
  }

  /// The environment of every run: a fixed author, and a moment that the caller chooses.
  static func environment(_ folder: String, second: Int) -> [String: String] {
    [
      "HOME": folder, "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
      "MDATA_AUTHOR_NAME": "A Tester", "MDATA_AUTHOR_EMAIL": "tester@localhost", "MDATA_THREADS": "1",
      "MDATA_NOW": "\(1_767_225_600 + second)",
    ]
  }

  static func start(_ executable: String, _ arguments: [String], in folder: String, second: Int) throws -> (
    process: Process, output: Pipe
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment(folder, second: second)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (process, output)
  }

  static func run(_ executable: String, _ arguments: [String], in folder: String, second: Int = 0) throws
    -> Result
  {
    let (process, pipe) = try start(executable, arguments, in: folder, second: second)
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Result(code: code, output: String(decoding: output, as: UTF8.self))
  }

  /// The full path of a program, or nil when it is not installed.
  static func path(of name: String) -> String? {
    ["/usr/local/bin/", "/usr/bin/", "/bin/"].map { $0 + name }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }
}
