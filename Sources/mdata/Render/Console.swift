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
  private var broken = false

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
    guard !broken else { return pending.removeAll() }
    broken = !Self.writeAll(pending, to: pager?.input ?? STDOUT_FILENO)
    pending.removeAll(keepingCapacity: true)
  }

  func close() {
    flush()
    pager?.wait()
    pager = nil
  }

  /// Whether the reader of standard output has gone away, as `head` does; not an error.
  var isBroken: Bool { broken }

  @discardableResult
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      done += count
    }
    return true
  }
}
