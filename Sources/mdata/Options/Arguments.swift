import Workbench

/// What is done to the command line before the parser sees it.
enum Arguments {
  /// Moves global options given before the verb behind it, so that `mdata -C data log` is `mdata log -C data`.
  static func normalised(_ arguments: [String]) -> [String] {
    var front: [String] = []
    var rest = arguments[...]
    while let first = rest.first {
      if first == "-C" || first == "--color", rest.count > 1 {
        front += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if ["--json", "-q", "--quiet", "--no-color", "--no-pager"].contains(first)
        || first.hasPrefix("--color=")
      {
        front.append(first)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    guard let verb = rest.first, !verb.hasPrefix("-") else { return arguments }
    return [verb] + front + rest.dropFirst()
  }

  /// The parser answers a mistyped verb with a complaint about its options; this one names the verb.
  ///
  /// - Parameter verbs: each verb with the verbs below it.
  static func unknownVerb(_ arguments: [String], among verbs: [(name: String, below: [String])]) -> Failure? {
    let isHelp = arguments.first == "help"
    let words = (isHelp ? arguments.dropFirst() : arguments[...]).prefix { !$0.hasPrefix("-") }
    guard let first = words.first else { return nil }
    guard let verb = verbs.first(where: { $0.name == first }) else {
      return isHelp && first == "help" ? nil : unknown(first, among: verbs.map(\.name), after: "")
    }
    guard let second = words.dropFirst().first, !verb.below.isEmpty, !verb.below.contains(second) else {
      return nil
    }
    return unknown(second, among: verb.below, after: verb.name + " ")
  }

  private static func unknown(_ verb: String, among verbs: [String], after path: String) -> Failure {
    let failure = Failure(.usage, "there is no verb `\(path)\(verb)`")
    guard let near = Suggestion.closest(to: verb, among: verbs) else {
      return failure.hinting("`mdata \(path)--help` lists the verbs")
    }
    return failure.hinting("did you mean `mdata \(path)\(near)`?")
  }

  /// `--color` and `--no-color` as they stand on a command line that could not be parsed.
  static func colourChoice(_ arguments: [String]) -> ColourChoice {
    if arguments.contains("--no-color") { return .never }
    var choice = ColourChoice.auto
    for (flag, value) in zip(arguments, arguments.dropFirst() + [""]) {
      if flag == "--color" { choice = ColourChoice(rawValue: value) ?? choice }
      if flag.hasPrefix("--color=") { choice = ColourChoice(rawValue: String(flag.dropFirst(8))) ?? choice }
    }
    return choice
  }
}
