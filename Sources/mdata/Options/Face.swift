import ArgumentParser
import Glibc
import Workbench

/// What every verb does around its work: where it stands, when it is, where it prints.
struct Face {
  let console: Console
  private(set) var session: Session

  init(_ options: GlobalOptions) {
    let environment = Environment.current
    console = Console(options: options, environment: environment)
    var author: (name: String, email: String)?
    if let name = environment["MDATA_AUTHOR_NAME"], let email = environment["MDATA_AUTHOR_EMAIL"],
      !name.isEmpty, !email.isEmpty
    {
      author = (name, email)
    }
    let now = environment["MDATA_NOW"].flatMap { Int64($0) } ?? Clock.now()
    session = Session(
      directory: Self.absolute(options.directory ?? "."), now: now,
      utcOffset: environment["MDATA_NOW"] == nil ? Clock.offset(at: now) : 0, author: author,
      threads: environment["MDATA_THREADS"].flatMap { Int($0) } ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      standardInput: STDIN_FILENO, steadyClock: Clock.monotonic)
    session.signing = .configured
    session.programs = SigningPrograms(folder: environment["TMPDIR"] ?? "/tmp")
    session.localOffset = Clock.offset
    session.availableMemory = Memory.available
  }

  /// The session of a verb whose flags say whether to sign.
  func session(_ flags: SigningFlags) -> Session {
    var signing = session
    signing.signing = flags.choice
    return signing
  }

  /// Runs a verb's work and writes out all it printed, also when it fails.
  static func run(_ options: GlobalOptions, _ work: (Face) throws -> Void) throws {
    let face = Face(options)
    do {
      try work(face)
    } catch {
      face.console.close()
      throw error
    }
    face.console.close()
    switch face.console.writeError {
    case nil: return
    // The reader has gone, as `head` does: no message, and the code that a shell expects.
    case EPIPE: throw ExitCode(128 + SIGPIPE)
    case let code?:
      throw Failure(.io, "cannot write to standard output: \(String(cString: strerror(code)))")
    }
  }

  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    let folder = String(cString: current)
    return path == "." ? folder : folder + "/" + path.trimmingPrefix("./")
  }
}
