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
      } else if ["--json", "-q", "--quiet", "--no-color", "--no-pager"].contains(first) {
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
  static func unknownVerb(_ arguments: [String], among verbs: [String]) -> Failure? {
    guard let verb = arguments.first, !verb.hasPrefix("-"), verb != "help", !verbs.contains(verb) else { return nil }
    let failure = Failure(.usage, "there is no verb `\(verb)`")
    guard let near = Suggestion.closest(to: verb, among: verbs) else {
      return failure.hinting("`mdata --help` lists the verbs")
    }
    return failure.hinting("did you mean `mdata \(near)`?")
  }
}
