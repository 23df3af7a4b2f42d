import Glibc
import Workbench

/// A program at work: what it reads is written and what it writes is read, all at once, so that neither side waits for
/// the other for ever.
struct ChildProcess {
  private let program: String
  private let process: pid_t
  private var input: Int32?
  private let unread: [UInt8]
  private let output: Int32
  private let errors: Int32

  /// Starts a program, looked for in `PATH` unless its name has a slash.
  ///
  /// - Throws: ``ProgramFailure/cannotStart(_:reason:)``.
  init(_ words: [String], input: ProgramCall.Input) throws(ProgramFailure) {
    program = words[0]
    func refusal(_ code: Int32) -> ProgramFailure {
      .cannotStart(words[0], reason: String(cString: strerror(code)))
    }
    var ends: [[Int32]] = []
    defer { for end in ends.map(\.[0]) { close(end) } }
    func channel(readsHere: Bool) throws(ProgramFailure) -> Int32 {
      var pair: [Int32] = [0, 0]
      // Closed in the program that is started but for the descriptors that it is given.
      guard pipe(&pair) == 0 else { throw refusal(errno) }
      for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      ends.append([readsHere ? pair[1] : pair[0]])
      return readsHere ? pair[0] : pair[1]
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if case .bytes(let bytes) = input {
      let end = try channel(readsHere: false)
      self.input = end
      unread = bytes
      posix_spawn_file_actions_adddup2(&actions, ends[0][0], STDIN_FILENO)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    } else {
      self.input = nil
      unread = []
    }
    output = try channel(readsHere: true)
    posix_spawn_file_actions_adddup2(&actions, ends[ends.count - 1][0], STDOUT_FILENO)
    errors = try channel(readsHere: true)
    posix_spawn_file_actions_adddup2(&actions, ends[ends.count - 1][0], STDERR_FILENO)
    // mdata ignores a reader that goes away; other programs have their own way with it.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process = pid_t()
    let code = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
    self.process = process
    guard code == 0 else {
      for end in [self.input, output, errors] { if let end { close(end) } }
      throw refusal(code)
    }
  }

  /// Gives the program its input and returns, when it has ended, its exit code and what it wrote.
  ///
  /// - Throws: ``ProgramFailure/wroteTooMuch(_:)``; then the program was ended.
  mutating func exchange() throws(ProgramFailure) -> (code: Int32, output: [UInt8], errors: [UInt8]) {
    var rest = unread[...]
    var texts: [[UInt8]] = [[], []]
    var isOpen = [true, true]
    defer { for end in [input, output, errors] { if let end { close(end) } } }
    if rest.isEmpty { closeInput() }
    do throws(ProgramFailure) {
      while isOpen.contains(true) || input != nil {
        var waiting = [
          pollfd(fd: isOpen[0] ? output : -1, events: Int16(POLLIN), revents: 0),
          pollfd(fd: isOpen[1] ? errors : -1, events: Int16(POLLIN), revents: 0),
          pollfd(fd: input ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        if poll(&waiting, nfds_t(waiting.count), -1) < 0 { continue }
        for (place, end) in [output, errors].enumerated() where waiting[place].revents != 0 {
          isOpen[place] = try Self.read(end, into: &texts[place], of: program) > 0
        }
        if waiting[2].revents != 0 { write(&rest) }
      }
    } catch {
      kill(process, SIGKILL)
      _ = wait()
      throw error
    }
    return (wait(), texts[0], texts[1])
  }

  /// Writes what the program takes now. One that stops reading has its reasons, which it will tell.
  private mutating func write(_ rest: inout ArraySlice<UInt8>) {
    guard let input else { return }
    let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    rest = count < 0 ? [] : rest.dropFirst(count)
    if rest.isEmpty { closeInput() }
  }

  private mutating func closeInput() {
    if let input { close(input) }
    input = nil
  }

  private func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
  }

  /// Reads what is there to a text. Returns how many bytes, 0 at the end.
  static func read(_ end: Int32, into text: inout [UInt8], of program: String) throws(ProgramFailure) -> Int {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    var count: Int
    repeat { count = Glibc.read(end, &buffer, buffer.count) } while count < 0 && errno == EINTR
    guard count > 0 else { return 0 }
    text += buffer[..<count]
    guard text.count <= ProgramCall.longestOutput else { throw .wroteTooMuch(program) }
    return count
  }
}
