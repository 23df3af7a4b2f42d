import ArgumentParser
import Glibc
import Records
import Workbench

/// Turns whatever stopped a verb into its text on standard error and its exit code.
struct ErrorReport {
  private let error: any Error
  private let isJSON: Bool
  private let isColoured: Bool
  private let isTerminal: Bool

  init(_ error: any Error, arguments: [String]) {
    self.error = error
    isJSON = arguments.contains("--json")
    let choice = Arguments.colourChoice(arguments)
    let terminal = Terminal(
      descriptor: STDERR_FILENO, choice: choice, environment: Environment.current)
    isColoured = terminal.isColoured
    isTerminal = terminal.isTerminal
  }

  /// Prints the report and returns the exit code.
  func print() -> Int32 {
    if let exit = error as? ExitCode { return exit.rawValue }
    if let failure = error as? Failure { return print(failure) }
    let code = Mdata.exitCode(for: error)
    if code == .success {
      Console.writeAll(Array((Mdata.fullMessage(for: error) + "\n").utf8), to: STDOUT_FILENO)
      return 0
    }
    if code == .validationFailure {
      return print(usage(Mdata.fullMessage(for: error)))
    }
    return print(
      Failure(
        .internalError, "\(error)",
        hint: "this is a defect of mdata; `mdata --version` belongs into the report"))
  }

  /// The parser's message begins with `Error: ` and ends with the usage: both lines, in our form.
  private func usage(_ text: String) -> Failure {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    let message = lines.first { $0.hasPrefix("Error: ") }.map { String($0.dropFirst(7)) } ?? text
    var failure = Failure(.usage, Self.quoted(message.prefix(1).lowercased() + message.dropFirst()))
    if let near = failure.message.firstRange(of: ". Did you mean ") {
      failure.hints = ["did you mean \(failure.message[near.upperBound...])"]
      failure.message.removeSubrange(near.lowerBound...)
    }
    if let usage = lines.first(where: { $0.hasPrefix("Usage: ") }) {
      failure.hints.append("the form is `\(usage.dropFirst(7).replacing(Self.commonOptions, with: ""))`")
    }
    if let more = lines.first(where: { $0.contains("--help' for more information") }) {
      failure.hints.append(
        Self.quoted(
          "see" + more.drop { $0 == " " }.dropFirst(3).replacing(" for more information.", with: "")))
    }
    return failure
  }

  /// The options of every verb, which a reminder of one verb's form leaves out.
  private static let commonOptions =
    " [-C <dir>] [--json] [--quiet] [--color <when>] [--no-color] [--no-pager]"

  /// The parser puts literal words between straight quotes, this program between backticks.
  private static func quoted(_ text: String) -> String {
    text.count { $0 == "'" }.isMultiple(of: 2) ? text.replacing("'", with: "`") : text
  }

  private func print(_ failure: Failure) -> Int32 {
    if isJSON {
      let document = JSONValue.object([
        JSONMember("schema", .string("mdata.error/v1")),
        JSONMember("code", .number(Double(failure.kind.rawValue))),
        JSONMember("message", .string(failure.message)),
        JSONMember("causes", .array(failure.causes.map(JSONValue.string))),
        JSONMember("hints", .array(failure.hints.map(JSONValue.string))),
      ])
      let text = String(decoding: CanonicalJSON.encode(document), as: UTF8.self)
      Console.writeAll(Array(((isTerminal ? text.escaped() : text) + "\n").utf8), to: STDERR_FILENO)
    } else {
      var text =
        Style.error.apply("error:", when: isColoured) + " " + failure.message.escaped() + "\n"
      for cause in failure.causes {
        text += "caused by: \(cause.trimmingSuffix(while: \.isWhitespace).escaped())\n"
      }
      for hint in failure.hints {
        text += Style.hint.apply("hint:", when: isColoured) + " " + hint.escaped() + "\n"
      }
      Console.writeAll(Array(text.utf8), to: STDERR_FILENO)
    }
    return failure.kind.rawValue
  }
}
