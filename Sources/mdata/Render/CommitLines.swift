import Records
import Workbench

/// A commit as `log` and `show` print it.
struct CommitLines {
  private let commit: CommitSummary

  init(_ commit: CommitSummary) { self.commit = commit }

  func print(on console: Console) {
    let names = commit.names.isEmpty ? "" : "  (" + commit.names.joined(separator: ", ").escaped() + ")"
    console.line(console.styled(commit.short, .identifier) + console.styled(names, .edited))
    console.line(
      "  \(commit.author.escaped())  \(DisplayTime.local(commit.time, offset: commit.utcOffset))  \(commit.records.of("record"))"
    )
    if commit.isTakenOver {
      let committer = commit.committer
      console.line(
        "  committed by \(committer.name.escaped())  \(DisplayTime.local(committer.time, offset: committer.utcOffset))"
      )
    }
    if let signature = commit.signature { SignatureLines(signature).print(on: console) }
    for line in commit.message.split(separator: "\n", omittingEmptySubsequences: false) {
      console.line("    " + String(line).escaped())
    }
    console.line()
  }
}

extension CommitSummary {
  var json: JSONValue { .object(members) }

  var members: [JSONMember] {
    [
      JSONMember("commit", .string(commit)), JSONMember("snapshot", .string(snapshot)),
      JSONMember("records", .int(records)), JSONMember("parents", .strings(parents)),
      JSONMember("author", .string(author)), JSONMember("time", .string(DisplayTime.utc(time))),
      JSONMember("committer", .string(committer.name)),
      JSONMember("committed", .string(DisplayTime.utc(committer.time))),
      JSONMember("message", .string(message)), JSONMember("names", .strings(names)),
    ] + (signature.map { [JSONMember("signature", $0.json)] } ?? [])
  }
}
