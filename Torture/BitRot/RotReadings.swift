import Records
import Workbench

/// What every way to read a repository gives: a text, or an error.
struct RotReadings {
  /// By the name of the reading; nil for one that ended with an error.
  private(set) var texts: [String: String] = [:]

  init(_ sample: RotSample) {
    let session = sample.session
    for revision in ["HEAD", "v1", "side"] {
      take("checkout \(revision)") {
        var bytes: [UInt8] = []
        let result = try CheckoutRequest(version: .revision(revision), target: .stream { bytes += $0 }).run(
          in: session)
        return "\(result.records) \(result.sha256) \(String(decoding: bytes, as: UTF8.self))"
      }
    }
    take("checkout --locked") {
      var bytes: [UInt8] = []
      _ = try CheckoutRequest(version: .locked, target: .stream { bytes += $0 }).run(in: session)
      return String(decoding: bytes, as: UTF8.self)
    }
    take("log") {
      try LogRequest().run(in: session).map {
        "\($0.commit) \($0.snapshot) \($0.records) \($0.message) \($0.author)"
      }
      .joined(separator: "\n")
    }
    take("show") { "\(try ShowRequest(revision: "v1").run(in: session).batches)" }
    take("blame") {
      let result = try BlameRequest(record: sample.record).run(in: session)
      return
        "\(result.instruction) \(result.commits.map { "\($0.commit) \($0.kind)" }) \(result.runs.map(\.run))"
    }
    take("decisions") {
      let decisions = try BlameRequest(record: sample.kept).run(in: session).decisions
      return "\(decisions.map { "\($0.commit) \($0.record) \($0.rule)" })"
    }
    take("runs") { "\(try RunsRequest().run(in: session))" }
    take("audit") { "\(try AuditRequest().run(in: session).answers)" }
    take("status") {
      let result = try StatusRequest().run(in: session)
      return "\(result.head?.commit ?? "") \(result.staged)"
    }
    take("names") {
      let names =
        try NamesRequest(.branch, action: .list).run(in: session)
        + NamesRequest(.tag, action: .list).run(in: session)
      return names.map { "\($0.name) \($0.commit)" }.joined(separator: "\n")
    }
  }

  private mutating func take(_ name: String, _ read: () throws -> String) { texts[name] = try? read() }

  /// The readings that gave something else than before.
  func altered(from before: RotReadings) -> [String] {
    texts.filter { before.texts[$0.key] != $0.value }.keys.sorted()
  }
}
