import History
import Objects
import Records

/// Why a version has some of another one's records: the verb that chose them and its settings. It is written twice: in the
/// commit's message, for whoever reads that, and as the commit's report, which is part of the version.
struct SubsetReason {
  let verb: String
  private(set) var settings: [(name: String, value: String)]

  /// - Parameter commit: the version that the records were chosen from.
  init(_ verb: String, of commit: Commit) {
    self.verb = verb
    settings = [("of", commit.id.hex)]
  }

  mutating func add(_ name: String, _ value: String?) {
    if let value { settings.append((name, value)) }
  }

  /// A message with the settings as its last paragraph, in the form of git's trailers: `Select-where: topic = 'x'`.
  func message(_ text: String) -> String {
    let lines = settings.map { name, value in
      // A condition may have lines of its own; a trailer is one.
      "\(verb.prefix(1).uppercased())\(verb.dropFirst())-\(name): \(value.split { $0.isWhitespace }.joined(separator: " "))"
    }
    let end = text.lastIndex { !$0.isNewline }.map(text.index(after:)) ?? text.startIndex
    return text[..<end] + "\n\n" + lines.joined(separator: "\n") + "\n"
  }

  /// Writes the report. It has no reason for each record: every record that the commit removed was left out by the settings.
  func report(into pack: PackWriter) throws -> ObjectID {
    var writer = ReportWriter(pack)
    return try writer.finish(
      verb: verb, settings: .object(settings.map { JSONMember($0.name, .string($0.value)) }))
  }
}
