import Foundation
import Testing

@testable import Workbench

/// Two versions of `mdata.lock`, as a version control around the repository brings them together.
@Suite struct PinMergeTests {
  private let workshop: Workshop

  /// Pins of `v1`, of `v2` that follows it, and of `side` that follows `v1` too.
  init() throws {
    workshop = try Workshop()
    for (name, number) in [("v1", 1), ("v2", 2)] {
      try workshop.write("\(name).jsonl", lines([["instruction": "Q\(number)", "output": "A"]]))
      try workshop.commit("\(name).jsonl")
      _ = try NamesRequest(.tag, action: .create(name, at: "HEAD")).run(in: workshop.session)
    }
    _ = try NamesRequest(.branch, action: .create("side", at: "v1")).run(in: workshop.session)
    _ = try SwitchRequest(branch: "side", create: false).run(in: workshop.session)
    try workshop.write("side.jsonl", lines([["instruction": "Q3", "output": "A"]]))
    try workshop.commit("side.jsonl")
    for name in ["v1", "v2", "side"] {
      _ = try PinRequest(revision: name).run(in: workshop.session)
      try workshop.write("\(name).lock", try workshop.text("mdata.lock"))
    }
    _ = try SwitchRequest(branch: "main", create: false).run(in: workshop.session)
  }

  private func merge(_ ours: String, _ theirs: String) throws -> String {
    try workshop.write("ours.lock", try workshop.text("\(ours).lock"))
    let result = try PinMergeRequest(ours: "ours.lock", theirs: "\(theirs).lock").run(in: workshop.session)
    let text = try workshop.text("ours.lock")
    #expect(text.contains(result.commit.commit) && text.contains(result.sha256))
    return text
  }

  @Test func thePinThatFollowsTheOtherIsTaken() throws {
    #expect(try merge("v1", "v2") == workshop.text("v2.lock"))
    #expect(try merge("v2", "v1") == workshop.text("v2.lock"))
    #expect(try merge("side", "side") == workshop.text("side.lock"))
  }

  @Test func pinsThatPartedNeedAVersionThatFollowsBoth() throws {
    #expect(throws: Failure.self) { try merge("v2", "side") }
    #expect(try workshop.text("ours.lock") == workshop.text("v2.lock"))
    let merged = try MergeRequest(revision: "side").run(in: workshop.session)
    let text = try merge("v2", "side")
    #expect(try text.contains(#require(merged.commit?.commit)))
    try workshop.write("mdata.lock", text)
    var bytes: [UInt8] = []
    _ = try CheckoutRequest(version: .locked, target: .stream { bytes += $0 }).run(in: workshop.session)
    #expect(String(decoding: bytes, as: UTF8.self).split(separator: "\n").count == 3)
  }

  @Test func whatIsNoLockFileIsNamed() throws {
    try workshop.write("broken.lock", "{}")
    #expect(throws: Failure.self) { try merge("v1", "broken") }
    try workshop.write(
      "other.lock",
      try workshop.text("v1.lock").replacingOccurrences(of: "\"commit\": \"", with: "\"commit\": \"0")
        .replacingOccurrences(
          of: #"("commit": "[0-9a-f]{40})[0-9a-f]"#, with: "$1", options: .regularExpression))
    #expect(throws: Failure.self) { try merge("v1", "other") }
  }
}
