import Glibc
import Workbench

/// Runs the programs that sign and verify, with this process's environment, terminal and temporary folder.
struct SigningPrograms: ProgramRunner {
  /// Where temporary files go.
  let folder: String

  func run(_ call: ProgramCall) throws(ProgramFailure) -> ProgramResult {
    let files = try PrivateFolder(in: folder)
    var words = [call.program]
    var last: String?
    for argument in call.arguments {
      switch argument {
      case .word(let word): words.append(word)
      case .file(let bytes):
        let path = try files.write(bytes)
        words.append(path)
        last = path
      }
    }
    var child = try ChildProcess(words, input: call.input)
    let (code, output, errors) = try child.exchange()
    var answer: [UInt8]?
    if let suffix = call.answerSuffix, let last {
      answer = try files.contents(of: last + suffix, of: call.program)
    }
    return ProgramResult(code: code, output: output, errors: errors, answer: answer)
  }
}

/// A folder of temporary files that only this user can look into, gone with its owner.
private final class PrivateFolder {
  private let path: String
  private var paths: [String] = []

  init(in folder: String) throws(ProgramFailure) {
    var name = Array("\(folder)/mdata-sign-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else {
      throw .noTemporaryFile(reason: "\(folder): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for path in paths { unlink(path) }
    rmdir(path)
  }

  func write(_ bytes: [UInt8]) throws(ProgramFailure) -> String {
    let file = "\(path)/\(paths.count + 1)"
    paths.append(file)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .noTemporaryFile(reason: "\(file): \(String(cString: strerror(errno)))")
    }
    let code = Console.writeAll(bytes, to: descriptor)
    close(descriptor)
    if let code { throw .noTemporaryFile(reason: "\(file): \(String(cString: strerror(code)))") }
    return file
  }

  /// A file that the program left here; nil when it left none.
  func contents(of file: String, of program: String) throws(ProgramFailure) -> [UInt8]? {
    paths.append(file)
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while try ChildProcess.read(descriptor, into: &bytes, of: program) > 0 {}
    return bytes
  }
}
