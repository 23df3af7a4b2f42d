import Records
import Workbench

/// A check for people, and its document.
struct FsckPage {
  private let result: FsckResult
  /// How many ids a line shows.
  private static let shown = 4

  init(_ result: FsckResult) { self.result = result }

  func print(on console: Console) {
    for step in result.done ?? [] { console.line("\(console.styled("done", .added))     \(step.escaped())") }
    for step in result.planned ?? [] { console.line("would    \(step.escaped())") }
    if let quarantine = result.quarantine {
      console.line("In quarantine: \(quarantine.escaped()); NOTES.txt there says where each file was")
    }
    for finding in result.findings { print(finding, on: console) }
    let damaged = result.findings.count(where: \.isDamage)
    let count = Dictionary(uniqueKeysWithValues: result.counts.map { ($0.name, $0.count) })
    let scope =
      "\((count["packs"] ?? 0).of("pack")) with \((count["objects"] ?? 0).of("object")), \((count["versions"] ?? 0).of("version")) with \((count["records"] ?? 0).of("record state")), \((count["operations"] ?? 0).of("operation"))"
    let verdict =
      damaged > 0
      ? "\(damaged.grouped) damaged\(result.done == nil ? "" : " still")"
      : result.planned == [] || result.done == []
        ? "nothing is damaged, and nothing was to be repaired" : "nothing is damaged"
    if damaged > 0 {
      console.line("Checked \(scope): \(verdict)")
    } else {
      console.inform("Checked \(scope): \(verdict)")
    }
  }

  private func print(_ finding: FindingSummary, on console: Console) {
    if !finding.isDamage && console.isQuiet { return }
    let place = finding.path.escaped() + (finding.offset.map { ", byte \($0.grouped)" } ?? "")
    console.line(
      "\(console.styled(finding.isDamage ? "damaged" : "notice", finding.isDamage ? .removed : .edited))  \(place)"
    )
    console.line("  \(finding.message.escaped())")
    if !finding.commits.isEmpty {
      let short = finding.commits.prefix(Self.shown).map { console.styled(String($0.prefix(8)), .identifier) }
      console.line("  versions: \(list(short, of: finding.commits.count))")
    }
    if finding.recordCount > 0 {
      let short = finding.records.prefix(Self.shown).map(short)
      console.line("  records:  \(list(short, of: finding.recordCount))")
    }
    console.line("  next:     \(finding.next.escaped())")
  }

  private func list(_ shown: [String], of count: Int) -> String {
    if shown.isEmpty { return "\(count.grouped), not known by id" }
    return shown.joined(separator: ", ")
      + (count > shown.count ? " and \((count - shown.count).grouped) more" : "")
  }

  private func short(_ record: String) -> String {
    let parts = record.split(separator: ":")
    return parts.count == 2 ? "\(parts[0].prefix(8)):\(parts[1])" : record
  }

  static func document(_ result: FsckResult) -> JSONValue {
    var members = [
      JSONMember("repository", .string(result.repository)),
      JSONMember("intact", .bool(result.isIntact)),
      JSONMember("checked", .object(result.counts.map { JSONMember($0.name, .int($0.count)) })),
      JSONMember("findings", .array(result.findings.map(json))),
    ]
    if let planned = result.planned { members.append(JSONMember("planned", .strings(planned))) }
    if let done = result.done {
      members.append(JSONMember("done", .strings(done)))
      members.append(JSONMember("quarantine", .optional(result.quarantine)))
    }
    return .document("fsck", members)
  }

  private static func json(_ finding: FindingSummary) -> JSONValue {
    .object([
      JSONMember("kind", .string(finding.kind)),
      JSONMember("severity", .string(finding.isDamage ? "damage" : "notice")),
      JSONMember("path", .string(finding.path)),
      JSONMember("byte", finding.offset.map { .int($0) } ?? .null),
      JSONMember("message", .string(finding.message)),
      JSONMember("commits", .strings(finding.commits)),
      JSONMember("record_count", .int(finding.recordCount)),
      JSONMember("records", .strings(finding.records)),
      JSONMember("next", .string(finding.next)),
    ])
  }
}
