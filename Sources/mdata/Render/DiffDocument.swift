import Records
import Workbench

/// `diff --json`, written record by record so that its memory does not grow with the difference.
final class DiffDocument {
  private let console: Console
  private let hasRecords: Bool
  private var isFirst = true

  init(console: Console, hasRecords: Bool) {
    self.console = console
    self.hasRecords = hasRecords
  }

  func begin(_ from: CommitSummary, _ to: CommitSummary) {
    write("{\"schema\":\"mdata.diff/v1\",\"from\":\"\(from.commit)\",\"to\":\"\(to.commit)\"")
    if hasRecords { write(",\"records\":[") }
  }

  /// One change as a canonical JSON object, of bytes that are canonical already.
  static func bytes(of change: RecordChange) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((change.old?.rowJSON.count ?? 0) + (change.new?.rowJSON.count ?? 0) + 300)
    bytes += Array("{\"change\":\"\(change.kind.rawValue)\"".utf8)
    if let new = change.new {
      bytes += Array(",\"new\":".utf8)
      bytes += new.rowJSON
      bytes += Array(",\"new_pair\":\"\(new.pairID)\"".utf8)
    }
    if let old = change.old {
      bytes += Array(",\"old\":".utf8)
      bytes += old.rowJSON
      bytes += Array(",\"old_pair\":\"\(old.pairID)\"".utf8)
    }
    bytes += Array(",\"record\":\"\(change.record)\"}".utf8)
    return bytes
  }

  func add(_ change: [UInt8]) {
    if !isFirst { write(",") }
    isFirst = false
    console.write(change)
  }

  /// - Parameters:
  ///   - isLimited: whether to say how many changes are not among the records.
  ///   - report: the file of a report, and its bytes.
  func end(_ result: DiffResult, isLimited: Bool = false, report: (file: String, bytes: Int)? = nil) {
    if hasRecords { write("]") }
    let counts = result.counts
    var members = [
      JSONMember("added", .int(counts.added)), JSONMember("removed", .int(counts.removed)),
      JSONMember("edited", .int(counts.edited)),
    ]
    if isLimited { members.append(JSONMember("left_out", .int(result.leftOut))) }
    members.append(JSONMember("batches", .array(result.batches.map(\.json))))
    if let groups = result.groups.first { members.append(JSONMember("groups", groups.json)) }
    if let summary = result.summary { members.append(JSONMember("summary", summary.json)) }
    if let report {
      members.append(
        JSONMember(
          "report",
          .object([
            JSONMember("file", .string(report.file)), JSONMember("bytes", .int(report.bytes)),
            JSONMember("records", .int(result.counts.total - result.leftOut)),
          ])))
    }
    for member in members {
      write(",\"\(member.name)\":")
      console.write(CanonicalJSON.encode(member.value))
    }
    write("}\n")
  }

  private func write(_ text: String) { console.write(Array(text.utf8)) }
}

extension ChangeCounts {
  fileprivate var members: [JSONMember] {
    [
      JSONMember("added", .int(added)), JSONMember("edited", .int(edited)),
      JSONMember("removed", .int(removed)),
    ]
  }
}

extension BatchChange {
  fileprivate var json: JSONValue {
    .object([JSONMember("batch", .string(batch)), JSONMember("name", .optional(name))] + counts.members)
  }
}

extension FacetCounts {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("by", .string(facet.name)),
      JSONMember(
        "values",
        .array(values.map { .object([JSONMember("value", .optional($0.value))] + $0.counts.members) })),
      JSONMember("others", others.map { .object($0.members) } ?? .null),
    ])
  }
}
