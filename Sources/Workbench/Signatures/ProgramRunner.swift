/// Runs a program for a use case: values in, values out. The faces have one, since a program has a terminal, an
/// environment and a folder for temporary files.
///
/// Signatures alone need it: a private key stays with `ssh-keygen`, `gpg` and their agents, and no library signs with a
/// key that it is not given.
public protocol ProgramRunner: Sendable {
  /// Runs a program to its end, without a shell.
  ///
  /// - Throws: ``ProgramFailure``; a program that ends with an error is a result.
  func run(_ call: ProgramCall) throws(ProgramFailure) -> ProgramResult
}

/// One run of a program.
public struct ProgramCall: Hashable, Sendable {
  /// A word of the command line.
  public enum Argument: Hashable, Sendable {
    /// As it is.
    case word(String)
    /// The path of a temporary file that holds this and that only this user can read.
    case file([UInt8])
  }

  /// What the program reads.
  public enum Input: Hashable, Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// What mdata reads: a program that asks for a passphrase looks whether it is a terminal.
    case inherited
  }

  /// A path, or a name to be looked for in `PATH`.
  public var program: String
  /// The words after the program's name.
  public var arguments: [Argument]
  /// What it reads.
  public var input: Input
  /// When the program writes its answer beside its last file: what it adds to that file's name.
  public var answerSuffix: String?

  /// A run.
  public init(_ program: String, _ arguments: [Argument], input: Input, answerSuffix: String? = nil) {
    self.program = program
    self.arguments = arguments
    self.input = input
    self.answerSuffix = answerSuffix
  }

  /// The most bytes of each thing a program may write.
  public static let longestOutput = 1 << 20
}

/// How a run of a program ended.
public struct ProgramResult: Hashable, Sendable {
  /// Its exit code; 128 and the signal's number when one ended it.
  public var code: Int32
  /// What it wrote to standard output.
  public var output: [UInt8]
  /// What it wrote to standard error.
  public var errors: [UInt8]
  /// The file that it left as its answer; nil when it left none, or none was asked for.
  public var answer: [UInt8]?

  /// A result.
  public init(code: Int32, output: [UInt8], errors: [UInt8], answer: [UInt8]? = nil) {
    self.code = code
    self.output = output
    self.errors = errors
    self.answer = answer
  }
}

/// Why a program did not run to its end.
public enum ProgramFailure: Error, Equatable, CustomStringConvertible {
  /// It is not there, or may not be run; the text is the system's.
  case cannotStart(String, reason: String)
  /// It wrote more than ``ProgramCall/longestOutput`` bytes.
  case wroteTooMuch(String)
  /// A file for it could not be made.
  case noTemporaryFile(reason: String)

  public var description: String {
    switch self {
    case .cannotStart(let program, let reason): "`\(program)` cannot be run: \(reason)"
    case .wroteTooMuch(let program): "`\(program)` wrote more than a signature's worth of text"
    case .noTemporaryFile(let reason): "no temporary file can be made for a signature: \(reason)"
    }
  }
}
