import Foundation
import Synchronization
import Testing

/// Golden texts: lines that begin with `$ mdata` are run, and what they print is compared with the lines between.
///
/// Ids are shown as ``Identities`` does, the test's folder as `$PLACE`, the fixtures as `$FIXTURES` (in commands too),
/// measured speeds
/// as `N tokens/s`, losses as `loss N`. `NAME=value` before `mdata` sets a variable of the environment.
/// With `MDATA_UPDATE_SNAPSHOTS=1` a transcript that differs is rewritten in the source of the test: read the change
/// before committing it.
extension TestRepository {
  /// Runs a transcript; with `changesNothing`, every command must leave every file as it was.
  func check(
    _ expected: String, changesNothing: Bool = false, file: String = #filePath, id: String = #fileID,
    line: Int = #line,
    column: Int = #column
  ) async throws {
    var actual: [String] = []
    let before = changesNothing ? try files() : [:]
    let place = SourceLocation(fileID: id, filePath: file, line: line, column: column)
    for command in expected.split(separator: "\n") where command.hasPrefix("$ ") {
      let revealed = identities.withLock { $0.revealed(in: String(command.dropFirst(2))) }
      let output = try await run(commandLine: revealed)
      actual.append(String(command))
      let shown = shown(output.text)
      if !shown.isEmpty {
        actual.append(
          contentsOf: shown.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init))
      }
      if changesNothing {
        let after = try files()
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
        #expect(changed.isEmpty, "`\(command)` changed \(changed)", sourceLocation: place)
      }
    }
    try Snapshot.compare(
      actual.joined(separator: "\n"), with: expected, file: file, id: id, line: line, column: column)
  }

  /// Runs one line of a transcript: variables, `mdata`, words with quotes as in a shell.
  func run(commandLine: String) async throws -> Output {
    var words = Snapshot.words(commandLine.replacingOccurrences(of: "$FIXTURES", with: Self.fixtures.path))
    var environment: [String: String?] = [:]
    while let first = words.first, first != "mdata" {
      let parts = try #require(first.firstIndex(of: "="), "`\(commandLine)` does not run mdata")
      environment[String(first[..<parts])] = String(first[first.index(after: parts)...])
      words.removeFirst()
    }
    return try await run(Array(words.dropFirst()), environment: environment)
  }

  /// A text without what differs from machine to machine.
  func shown(_ text: String) -> String {
    let places = text.replacingOccurrences(of: folder.path, with: "$PLACE")
      .replacingOccurrences(of: Self.fixtures.path, with: "$FIXTURES")
      .replacingOccurrences(
        of: #"to be had( +)[0-9]+ MiB"#, with: "to be had$1N MiB", options: .regularExpression
      )
      .replacingOccurrences(of: #"[0-9,]+ tokens/s"#, with: "N tokens/s", options: .regularExpression)
      .replacingOccurrences(of: #"loss [0-9.]+( → [0-9.]+)?"#, with: "loss N$1", options: .regularExpression)
      .replacingOccurrences(of: #"loss N → [0-9.]+"#, with: "loss N → N", options: .regularExpression)
    return identities.withLock { $0.hidden(in: places) }
  }
}

/// Reading, comparing and rewriting transcripts.
enum Snapshot {
  private static let writing = Mutex(())

  /// Compares a text, but for a line end at its end, with the one that stands in the source of a test.
  static func compare(
    _ actual: String, with expected: String, file: String = #filePath, id: String = #fileID,
    line: Int = #line,
    column: Int = #column
  ) throws {
    let actual = actual.hasSuffix("\n") ? String(actual.dropLast()) : actual
    if actual == expected { return }
    if ProcessInfo.processInfo.environment["MDATA_UPDATE_SNAPSHOTS"] == "1" {
      try replace(expected, by: actual, in: file)
    } else {
      let place = SourceLocation(fileID: id, filePath: file, line: line, column: column)
      Issue.record("\(difference(from: expected, to: actual))", sourceLocation: place)
    }
  }

  static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  /// The differing stretch of two texts, line by line.
  static func difference(from expected: String, to actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [String] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if removed.contains(i) {
        lines.append("-" + old[i])
        i += 1
      } else if added.contains(j) {
        lines.append("+" + new[j])
        j += 1
      } else {
        lines.append(" " + old[i])
        i += 1
        j += 1
      }
    }
    return "the transcript differs:\n" + lines.joined(separator: "\n")
  }

  /// Finds the expected text in a source file, whatever its indentation, and puts the actual one there.
  static func replace(_ expected: String, by actual: String, in file: String) throws {
    try writing.withLock { _ in
      let source = try String(contentsOfFile: file, encoding: .utf8)
      for indentation in stride(from: 2, through: 16, by: 2) {
        func block(_ text: String) -> String {
          text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : String(repeating: " ", count: indentation) + $0 }.joined(separator: "\n")
        }
        let (before, after) = ("#\"\"\"\n", "\n" + String(repeating: " ", count: indentation) + "\"\"\"#")
        guard let range = source.range(of: before + block(expected) + after) else { continue }
        let changed = source.replacingCharacters(in: range, with: before + block(actual) + after)
        try changed.write(toFile: file, atomically: true, encoding: .utf8)
        return
      }
      Issue.record("the transcript is not in \(file)")
    }
  }
}
