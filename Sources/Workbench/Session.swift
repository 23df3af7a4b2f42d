public import Objects

/// Where and when a use case runs, and for whom: everything that the faces read from the world, as values.
public struct Session: Sendable {
  /// The folder the user stands in; paths in requests are relative to it.
  public var directory: String
  /// Seconds since the Unix epoch.
  public var now: Int64
  /// Minutes east of UTC, for the author's time in a commit.
  public var utcOffset: Int
  /// Name and address that override the ones of the git configuration.
  public var author: (name: String, email: String)?
  /// How many threads may work; results never depend on it.
  public var threads: Int
  /// Descriptor that `-` reads from.
  public var standardInput: Int32
  /// Seconds of a steady clock, for rates.
  public var steadyClock: @Sendable () -> Double
  /// The system calls that everything the verb writes goes through.
  public var fileSystem: any FileSystem
  /// Whether what is made is to be signed.
  public var signing = SigningChoice.never
  /// What runs the programs that sign and verify; nil where none may run.
  public var programs: (any ProgramRunner)?
  /// Bytes of memory that the system can still give; nil when it does not say.
  public var availableMemory: @Sendable () -> Int? = { nil }
  /// Minutes east of UTC here at a moment, in seconds since the Unix epoch.
  public var localOffset: @Sendable (Int64) -> Int = { _ in 0 }

  /// A session.
  public init(
    directory: String, now: Int64, utcOffset: Int, author: (name: String, email: String)?, threads: Int,
    standardInput: Int32, steadyClock: @escaping @Sendable () -> Double,
    fileSystem: any FileSystem = POSIXFileSystem()
  ) {
    self.directory = directory
    self.now = now
    self.utcOffset = utcOffset
    self.author = author
    self.threads = max(1, threads)
    self.standardInput = standardInput
    self.steadyClock = steadyClock
    self.fileSystem = fileSystem
  }

  /// An absolute path for one the user wrote, without the `.` parts that say nothing.
  func path(_ written: String) -> String {
    if written.hasPrefix("/") { return written }
    let parts = written.split(separator: "/", omittingEmptySubsequences: false).filter { $0 != "." }
    return parts.isEmpty ? directory : directory + "/" + parts.joined(separator: "/")
  }

  /// The last component of a path.
  static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The folder a path lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
