public import Foundation
import History
import Objects
import Records

/// `mdata gc --grace 0` against writers, in processes of their own: the harshest setting, in which whatever nothing
/// refers to goes at once. In each round rows that were undone, and so are garbage, are committed again while a
/// collection drops garbage; in some rounds the collection is killed.
public struct CollectionRounds {
  private let binary: String
  private let place: URL
  private var random: SplitMix64
  private var rows: Set<String> = []

  /// Rounds that are the same for the same seed, but for the time the processes take.
  public init(binary: String, place: URL, seed: UInt64) {
    self.binary = binary
    self.place = place
    random = SplitMix64(seed: seed)
  }

  /// That something acknowledged is not there.
  public struct Loss: Error, CustomStringConvertible {
    /// What, and in which round.
    public let description: String
  }

  /// Runs rounds. Returns what was seen, in words.
  ///
  /// - Throws: ``Loss``.
  public mutating func run(_ count: Int) throws -> String {
    try? FileManager.default.removeItem(at: place)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try expect(["init"])
    var (kills, commits) = (0, 0)
    for round in 1...count {
      try write("again.jsonl", row("again \(round)"))
      try expect(["commit", "again.jsonl", "-m", "again"])
      if round > 1 { try expect(["undo"]) }
      var writers: [(name: String, text: String, process: Process)] = []
      try write("other.jsonl", row("other \(round)"))
      let collection = try start(["gc", "--grace", "0"] + (round % 50 == 0 ? ["--aggressive"] : []))
      let names = round > 1 ? ["again", "other"] : ["other"]
      for name in names {
        usleep(UInt32.random(in: 0...8_000, using: &random))
        writers.append(
          (name, row("\(name) \(round)"), try start(["commit", "\(name).jsonl", "-m", "\(name) \(round)"])))
      }
      if round == 1 { rows.insert(row("again 1")) }
      if Int.random(in: 0..<3, using: &random) == 0 {
        usleep(UInt32.random(in: 0...20_000, using: &random))
        kill(collection.processIdentifier, SIGKILL)
        kills += 1
      }
      collection.waitUntilExit()
      for writer in writers {
        writer.process.waitUntilExit()
        switch writer.process.terminationStatus {
        case 0:
          rows.insert(writer.text)
          commits += 1
        // Somebody else was writing for too long: nothing was promised.
        case 75: continue
        case let code:
          throw Loss(
            description:
              "round \(round): commit of \(writer.name) ended with \(code): \(said(["commit", "\(writer.name).jsonl"]))"
          )
        }
      }
      try check(round, thoroughly: round % 10 == 0 || round == count)
    }
    try expect(["gc", "--grace", "0"])
    try check(count, thoroughly: true)
    let packs = try store().packCount
    try FileManager.default.removeItem(at: place)
    return
      "\(count) rounds, \(commits) commits beside a collection, \(kills) collections killed, \(packs) packs left"
  }

  /// Everything acknowledged is there; thoroughly, every object of every pack is what it should be.
  private func check(_ round: Int, thoroughly: Bool) throws {
    try expect(["checkout", "HEAD", "-o", "out.jsonl"])
    let text = try String(contentsOf: place.appending(path: "out.jsonl"), encoding: .utf8)
    let found = Set(text.split(separator: "\n").map { $0 + "\n" }.map(String.init))
    guard found == rows else {
      throw Loss(
        description:
          "round \(round): lost \(rows.subtracting(found)), came unasked \(found.subtracting(rows))")
    }
    if thoroughly, let damage = try store().check().first {
      throw Loss(description: "round \(round): \(damage)")
    }
  }

  private func store() throws -> ObjectStore {
    try ObjectStore(directory: place.path + "/.mdata/objects", fileSystem: POSIXFileSystem())
  }

  private func row(_ text: String) -> String { "{\"instruction\":\"\(text)\",\"output\":\"\(text)\"}\n" }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: place.appending(path: name))
  }

  private func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: binary)
    process.arguments = arguments
    process.currentDirectoryURL = place
    process.environment = [
      "MDATA_AUTHOR_NAME": "A Tester", "MDATA_AUTHOR_EMAIL": "tester@localhost", "PATH": "/usr/bin:/bin",
      "HOME": place.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    _ = FileManager.default.createFile(atPath: messages(arguments), contents: nil)
    process.standardError = FileHandle(forWritingAtPath: messages(arguments))
    try process.run()
    return process
  }

  /// Where a process says what went wrong.
  private func messages(_ arguments: [String]) -> String {
    place.appending(path: "errors-\(arguments.prefix(2).joined(separator: "-"))").path
  }

  private func said(_ arguments: [String]) -> String {
    (try? String(contentsOfFile: messages(arguments), encoding: .utf8)) ?? ""
  }

  private func expect(_ arguments: [String]) throws {
    let process = try start(arguments)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Loss(
        description:
          "mdata \(arguments.joined(separator: " ")) ended with \(process.terminationStatus): \(said(arguments))"
      )
    }
  }
}
