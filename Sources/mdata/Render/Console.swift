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
  /// The beginning of a character whose rest is still to come.
  private var held: [UInt8] = []
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

  /// Prints a line on standard output. What comes from outside is escaped in it already.
  func line(_ text: String = "") { put(Array((text + "\n").utf8)) }

  /// Prints a line that only informs: silent with `--quiet`.
  func inform(_ text: String) { if !isQuiet { line(text) } }

  /// Prints one JSON document and a line end.
  func json(_ value: JSONValue) {
    write(CanonicalJSON.encode(value) + [UInt8(ascii: "\n")])
  }

  /// Writes rows, objects and documents: to a file or a program as they are, to a terminal so that they can be looked
  /// at without driving it.
  func write(_ bytes: [UInt8]) {
    guard output.isTerminal else { return put(bytes) }
    held += bytes
    show(upTo: held.endOfWholeCharacters)
  }

  private func show(upTo end: Int) {
    let text = String(decoding: held[..<end], as: UTF8.self)
    held.removeFirst(end)
    let lines = text.replacing("\r\n", with: "\n")
    put(Array(lines.escaped(multiline: true).utf8))
  }

  private func put(_ bytes: [UInt8]) {
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
    if !held.isEmpty { show(upTo: held.count) }
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

extension Array where Element == UInt8 {
  /// Where the text ends but for a last character of UTF-8, or a line end, that may have been cut in two.
  fileprivate var endOfWholeCharacters: Int {
    if last == 0x0D { return count - 1 }
    for back in 1...3 where back <= count {
      switch self[count - back] {
      case 0x80..<0xC0: continue
      case 0xC0..<0xE0: return back < 2 ? count - back : count
      case 0xE0..<0xF0: return back < 3 ? count - back : count
      case 0xF0...: return count - back
      default: return count
      }
    }
    return count
  }
}
