import Glibc

/// What the process is attached to: asked once, at the start.
struct Terminal {
  let isTerminal: Bool
  let isColoured: Bool
  let width: Int

  /// - Parameter choice: `--color`: nil is `auto`. `NO_COLOR` (no-color.org) and `TERM=dumb` switch colour off.
  init(descriptor: Int32, choice: ColourChoice, environment: [String: String]) {
    isTerminal = isatty(descriptor) == 1
    switch choice {
    case .always: isColoured = true
    case .never: isColoured = false
    case .auto:
      isColoured = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
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
