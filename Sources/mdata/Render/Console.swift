import Glibc
import Records

/// Where a verb prints: standard output through a buffer and, for long text on a terminal, a pager; progress and
/// errors on standard error.
final class Console {
  let output: Terminal
  let error: Terminal
  let isQuiet: Bool
  let isJSON: Bool
  private let pagerCommand: String?
  private var pager: Pager?
  private var pending: [UInt8] = []
  /// The system's error number of the write that failed; nothing is written after it.
  private(set) var writeError: Int32?

  init(options: GlobalOptions, environment: [String: String]) {
    output = Terminal(descriptor: STDOUT_FILENO, choice: options.colourChoice, environment: environment)
    error = Terminal(descriptor: STDERR_FILENO, choice: options.colourChoice, environment: environment)
    isQuiet = options.quiet
    isJSON = options.json
    let wanted = environment["MDATA_PAGER"] ?? environment["PAGER"] ?? "less"
    pagerCommand = output.isTerminal && !options.noPager && !wanted.isEmpty && wanted != "cat" ? wanted : nil
  }

  /// Sends what follows through the pager when standard output is a terminal.
  func page() {
    guard let pagerCommand, pager == nil, !isJSON else { return }
    pager = Pager(command: pagerCommand)
  }

  func styled(_ text: String, _ style: Style) -> String { style.apply(text, when: output.isColoured) }

  /// Prints a line on standard output.
  func line(_ text: String = "") { write(Array((text + "\n").utf8)) }

  /// Prints a line that only informs: silent with `--quiet`.
  func inform(_ text: String) { if !isQuiet { line(text) } }

  /// Prints one JSON document and a line end.
  func json(_ value: JSONValue) {
    write(CanonicalJSON.encode(value) + [UInt8(ascii: "\n")])
  }

  func write(_ bytes: [UInt8]) {
    pending += bytes
    if pending.count >= 1 << 16 { flush() }
  }

  /// A remark on standard error.
  func remark(_ text: String) {
    flush()
    Self.writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Rewrites the progress line on standard error, or ends it when `text` is nil.
  func progress(_ text: String?) {
    guard error.isTerminal, !isQuiet, !isJSON else { return }
    let line = text.map { "\r\u{1B}[K" + $0 } ?? "\r\u{1B}[K"
    Self.writeAll(Array(line.utf8), to: STDERR_FILENO)
  }

  /// Writes out what is buffered and, at the end of a verb, waits for the pager.
  func flush() {
    guard writeError == nil else { return pending.removeAll() }
    writeError = Self.writeAll(pending, to: pager?.input ?? STDOUT_FILENO)
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes out the rest. Whoever leaves the pager early has seen enough: that is no failure.
  func close() {
    flush()
    guard let pager else { return }
    pager.wait()
    self.pager = nil
    writeError = nil
  }

  /// Returns the system's error number when the bytes cannot all be written.
  @discardableResult
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      done += count
    }
    return nil
  }
}
