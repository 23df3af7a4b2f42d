import Glibc

/// What the process is attached to: asked once, at the start.
struct Terminal {
  let isTerminal: Bool
  let isColoured: Bool
  let width: Int
  /// Whether the locale's characters are UTF-8: blocks and dashes are drawn with ASCII where they are not.
  let isUTF8: Bool

  /// - Parameter choice: `--color`: nil is `auto`. `NO_COLOR` (no-color.org) and `TERM=dumb` switch colour off.
  init(descriptor: Int32, choice: ColourChoice, environment: [String: String]) {
    isTerminal = isatty(descriptor) == 1
    switch choice {
    case .always: isColoured = true
    case .never: isColoured = false
    case .auto:
      isColoured = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
    // The first of these that is set decides, as in the C library.
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    isUTF8 = locale.lowercased().replacing("-", with: "").contains("utf8")
    var size = winsize()
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
      width = columns
    } else if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      width = Int(size.ws_col)
    } else {
      width = 100
    }
  }
}

/// When to colour.
enum ColourChoice: String {
  case auto, always, never
}
