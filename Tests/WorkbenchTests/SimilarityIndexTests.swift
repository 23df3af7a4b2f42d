import Foundation
import Objects
import Records
import Testing

@testable import Workbench

/// The index that lies beside the objects for `filter --against`: what is decided with it is what is decided without.
@Suite struct SimilarityIndexTests {
  private let workshop: Workshop
  private static let words = ["fever", "cough", "dose", "night", "salt", "walk", "sleep", "tea", "熱", "ß"]

  init() throws { workshop = try Workshop() }

  /// Texts that are alike now and then.
  private static func rows(_ count: Int, _ source: inout SplitMix64) -> String {
    lines(
      (0..<count).map { number in
        let text = (0..<4 + Int(source.next() % 5)).map { _ in words[Int(source.next() % UInt64(words.count))]
        }
        return ["instruction": text.joined(separator: " "), "output": "answer \(source.next() % 1000)"]
      })
  }

  private var folder: URL { workshop.folder.appending(path: ".mdata/similarity") }

  private func files() -> [String: Data] {
    var found: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for name in names {
      guard let data = try? Data(contentsOf: folder.appending(path: name)) else { continue }
      found[name] = data
    }
    return found
  }

  /// Every decision, with the nearest and the mean of all that stays, too.
  private func decisions(
    against: [String] = ["HEAD"], _ session: Session? = nil,
    _ change: (inout FilterSettings) -> Void = { _ in }
  ) throws -> [String] {
    var settings = FilterSettings()
    settings.rougeL = 0.6
    settings.describesKept = true
    change(&settings)
    var told: [String] = []
    _ = try FilterRequest(source: "new.jsonl", against: against, settings: settings)
      .run(in: session ?? workshop.session) {
        told.append(String(decoding: CanonicalJSON.encode($0.json), as: UTF8.self))
      }
    return told
  }

  /// The same from an index that is built for it.
  private func decisionsAnew(against: [String] = ["HEAD"]) throws -> [String] {
    let aside = workshop.folder.appending(path: "aside")
    let exists = FileManager.default.fileExists(atPath: folder.path)
    if exists { try FileManager.default.moveItem(at: folder, to: aside) }
    defer {
      if exists {
        try? FileManager.default.removeItem(at: folder)
        try? FileManager.default.moveItem(at: aside, to: folder)
      }
    }
    return try decisions(against: against)
  }

  /// One more version: some records leave and some are edited, or some come, before others or after them in a checkout.
  private func change(_ step: Int, edits: Bool, _ source: inout SplitMix64) throws {
    let more = Self.rows(1 + Int(source.next() % 30), &source)
    guard edits else {
      try workshop.write("more\(step).jsonl", more)
      // Batches stand in the order of the times of their commits.
      try workshop.commit("more\(step).jsonl", at: Int64(source.next() % 100))
      return
    }
    var rows = try workshop.checkout().split(separator: "\n").map(String.init)
    rows = rows.filter { _ in source.next() % 8 != 0 }
    for row in rows.indices where source.next() % 6 == 0 {
      rows[row] = rows[row].replacing("answer", with: "sleep").replacing("fever", with: "cough")
    }
    try workshop.write("all.jsonl", rows.joined(separator: "\n") + "\n" + more)
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")), at: Int64(step))
  }

  @Test func answersTheSameHoweverItCameAbout() throws {
    var source = SplitMix64(seed: 5)
    try workshop.write("new.jsonl", Self.rows(60, &source))
    try workshop.write("first.jsonl", Self.rows(80, &source))
    try workshop.commit("first.jsonl")
    var segments: Set<Int> = []
    for step in 1...18 {
      try change(step, edits: source.next() % 4 == 0, &source)
      let found = try decisions()
      #expect(try found == decisionsAnew(), "after step \(step)")
      segments.insert(files().count)
      if step % 6 == 0 {
        let old = "HEAD~\(step / 2)"
        let before = files()
        #expect(
          try decisions(against: ["HEAD~1"]) == decisionsAnew(against: ["HEAD~1"]), "after step \(step)")
        #expect(files() == before, "the version before leaves the index as it is")
        #expect(try decisions(against: [old]) == decisionsAnew(against: [old]), "\(old) after step \(step)")
        #expect(
          try decisions(against: [old, "first.jsonl", "HEAD"])
            == decisionsAnew(against: [old, "first.jsonl", "HEAD"]))
      }
      #expect(try found == decisions { $0.groupBy = "nothing" }, "read row by row")
    }
    #expect(segments.count > 1 && segments.max() ?? 0 < 12, "segments come and are merged")
  }

  /// `dedup --minus` beside the same from a file that holds the version.
  @Test(arguments: [
    DedupMeasure(near: DedupMeasure.Nearness(threshold: 0.4, ngram: 2)),
    DedupMeasure(near: DedupMeasure.Nearness(threshold: 0.6, ngram: 1, similarity: .overlap)),
    DedupMeasure(rougeL: DedupMeasure.SequenceNearness(threshold: 0.6)),
  ])
  func takesOutWhatAVersionHas(measure: DedupMeasure) throws {
    var source = SplitMix64(seed: 8)
    try workshop.write("new.jsonl", Self.rows(60, &source))
    try workshop.write("first.jsonl", Self.rows(60, &source))
    try workshop.commit("first.jsonl")
    func drops(minus other: String) throws -> [DroppedRecord] {
      var told: [DroppedRecord] = []
      _ = try DedupRequest(revision: "new.jsonl", minus: [other], measure: measure).run(in: workshop.session)
      {
        told.append($0)
      }
      return told
    }
    var seen = 0
    for step in 1...8 {
      try change(step, edits: step % 3 == 0, &source)
      try workshop.write("version.jsonl", workshop.checkout())
      let records = try workshop.ask("SELECT record FROM records").map { $0[0] }
      let (found, expected) = (try drops(minus: "HEAD"), try drops(minus: "version.jsonl"))
      #expect(found.map(\.record) == expected.map(\.record) && found.map(\.score) == expected.map(\.score))
      #expect(found.map(\.rule) == expected.map(\.rule))
      // The file names rows, the version their records.
      for (one, other) in zip(found, expected) {
        let row = other.kept.string?.split(separator: ":").last.flatMap { Int($0) } ?? 0
        #expect(one.kept.string == records[row - 1])
      }
      seen += found.count
    }
    #expect(seen > 20)
  }

  @Test func damageIsNoticed() throws {
    var source = SplitMix64(seed: 6)
    try workshop.write("new.jsonl", Self.rows(40, &source))
    try workshop.write("first.jsonl", Self.rows(50, &source))
    try workshop.commit("first.jsonl")
    let expected = try decisions()
    let whole = files()
    #expect(whole.count >= 3)
    for (name, data) in whole where !data.isEmpty {
      for place in stride(from: 0, to: data.count, by: max(1, data.count / 23)) {
        var bytes = [UInt8](data)
        bytes[place] ^= 0x10
        try Data(bytes).write(to: folder.appending(path: name))
        #expect(try decisions() == expected, "byte \(place) of \(name)")
      }
      try Data(data.prefix(data.count / 2)).write(to: folder.appending(path: name))
      #expect(try decisions() == expected, "half of \(name)")
      try FileManager.default.removeItem(at: folder.appending(path: name))
      #expect(try decisions() == expected, "without \(name)")
      #expect(files().keys.sorted() == whole.keys.sorted(), "and it is there again")
    }
  }

  @Test func aLinkIsNotFollowed() throws {
    var source = SplitMix64(seed: 9)
    try workshop.write("new.jsonl", Self.rows(20, &source))
    try workshop.write("first.jsonl", Self.rows(50, &source))
    try workshop.commit("first.jsonl")
    let expected = try decisions()
    let index = try #require(files().keys.first { $0.hasSuffix("state") }?.split(separator: "/").first)
    let elsewhere = workshop.folder.appending(path: "elsewhere")
    let place = folder.appending(path: String(index))
    try FileManager.default.moveItem(at: place, to: elsewhere)
    try Data("kept".utf8).write(to: elsewhere.appending(path: String(repeating: "a", count: 32)))
    try FileManager.default.createSymbolicLink(at: place, withDestinationURL: elsewhere)
    let before = try FileManager.default.subpathsOfDirectory(atPath: elsewhere.path).sorted()
    try workshop.write("more.jsonl", Self.rows(5, &source))
    #expect(try decisions() == expected)
    try workshop.commit("more.jsonl", at: 1)
    _ = try decisions()
    _ = try ReindexRequest().run(in: workshop.session)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: elsewhere.path).sorted() == before)
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.createSymbolicLink(at: folder, withDestinationURL: elsewhere)
    #expect(throws: Failure.self) { try decisions() }
  }

  @Test func whatCannotBeWrittenIsDoneWithout() throws {
    var source = SplitMix64(seed: 7)
    try workshop.write("new.jsonl", Self.rows(40, &source))
    try workshop.write("first.jsonl", Self.rows(50, &source))
    try workshop.commit("first.jsonl")
    let expected = try decisionsAnew()
    for call in ["create", "write", "synchronize", "rename", "lock"] {
      var session = workshop.session
      session.fileSystem = Refusing(call: call)
      #expect(try decisions(session) == expected, "\(call)")
    }
    #expect(try decisions() == expected)
    _ = try ReindexRequest().run(in: workshop.session)
    #expect(!FileManager.default.fileExists(atPath: folder.path), "reindex deletes it")
    #expect(try decisions() == expected)
    let fsck = try FsckRequest().run(in: workshop.session)
    #expect(fsck.findings.isEmpty)
  }

  /// Refuses a call on the files of the index.
  private struct Refusing: InterposingFileSystem {
    let call: String

    func before(_ call: String, _ path: String) throws(ObjectsError) {
      guard call.hasPrefix(self.call), path.contains("/similarity") else { return }
      throw .system(call: call, path: path, code: 28)
    }
  }
}
