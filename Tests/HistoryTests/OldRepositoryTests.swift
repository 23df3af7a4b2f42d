import Foundation
import Objects
import Records
import Subprocess
import SystemPackage
import Testing

@testable import History

/// A repository of format 1 stays readable for ever: `fixtures/repo-v1`, written by the first build that had it.
@Suite struct OldRepositoryTests {
  static let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/repo-v1/repository.tar.gz")

  private func unpacked(in folder: TemporaryFolder) async throws -> Repository {
    let result = try await run(
      .name("tar"), arguments: ["-xzf", Self.archive.path, "-C", folder.at("")], output: .discarded,
      error: .string(limit: 4096))
    #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    return try Repository(path: folder.at(".mdata"), fileSystem: POSIXFileSystem())
  }

  @Test func everyObjectIsTheOneThatWasWritten() async throws {
    let folder = try TemporaryFolder()
    let store = try await unpacked(in: folder).store
    #expect(store.check().isEmpty)
    var lines: [String] = []
    for prefix in 0..<256 {
      let digits = Hex.encode([UInt8(prefix)])
      for (id, kind) in try store.matches(hexPrefix: digits, limit: 1000) {
        lines.append("\(kind.rawValue) \(id.hex)\n")
      }
    }
    #expect(lines.count == 709)
    let hasher = SHA256()
    hasher.begin()
    Array(lines.sorted().joined().utf8).withUnsafeBytes { hasher.update($0) }
    #expect(hasher.finish().hex == "b825fed07fd4c8ed1fca93c688886757f3eb425c0c97d2055faad86e0cab6ce3")
  }

  @Test func everyVersionHasItsRecords() async throws {
    let folder = try TemporaryFolder()
    let repository = try await unpacked(in: folder)
    let versions = [
      ("v1", "23fbb75547466b79507205fea9424794297b13a9", 640),
      ("v2", "682d776294a7497017f3150d3fb58f5067d41509", 641),
      ("main", "e0d01821317400414478ea8a53b8031547c72583", 641),
      ("side", "077402e672edbe1c977b1989edce8251a7fa623c", 641),
    ]
    for (name, id, records) in versions {
      let commit = try repository.commit(name)
      #expect(commit.git.id.hex == id)
      #expect(commit.dataset.records == records)
      var count = 0
      var entries = repository.tree(of: commit).entries()
      while let entry = try entries.next() {
        _ = try Pair(canonical: try repository.store.read(entry.object, .pair))
        let batch = try #require(try repository.store.batch(entry.origin.batch))
        _ = try Batch(parsing: try repository.store.read(batch, .batch))
        count += 1
      }
      #expect(count == records)
      var batches = repository.batches(of: commit).entries()
      while let entry = try batches.next() {
        let batch = try Batch(parsing: try repository.store.read(entry.object, .batch))
        for chunk in batch.origins {
          _ = try OriginsChunk(parsing: try repository.store.read(chunk, .origins))
        }
      }
    }
    var diff = repository.tree(of: try repository.commit("v1")).diff(
      to: repository.tree(of: try repository.commit("main")))
    let counts = try diff.counts()
    #expect((counts.added, counts.edited, counts.removed) == (3, 2, 2))
    #expect(try repository.head().branch?.short == "main")
  }

  @Test func operationsAndStagedWorkAreThere() async throws {
    let folder = try TemporaryFolder()
    let repository = try await unpacked(in: folder)
    try repository.operations.verify()
    #expect(try repository.operations.latest()?.sequence == 11)
    let staged = try repository.staging.batches()
    #expect(staged.map(\.source) == ["staged.jsonl"])
    #expect(try staged.map { try repository.staging.pairs(of: $0).count } == [1])
    let lock = try PinnedVersion(
      parsing: try POSIXFileSystem().contents(of: folder.at("mdata.lock"), limit: 4096))
    #expect(lock.commit == "682d776294a7497017f3150d3fb58f5067d41509" && lock.ref == "v2")
  }

  /// The first build kept operations in one folder. They stay where they are, and new ones lie in folders of a hundred.
  @Test func theOperationLogGoesOn() async throws {
    let folder = try TemporaryFolder()
    let repository = try await unpacked(in: folder)
    let files = POSIXFileSystem()
    let old = try files.list(repository.operations.folder).sorted()
    #expect(old.count == 11)
    for number in 12...14 {
      let transaction = try repository.change()
      let parents = try repository.head().commit.map { [$0] } ?? []
      _ = try transaction.commit(
        imported(batch(UInt64(number)), rows: 3), parents: parents, message: "\(number)")
      #expect(try transaction.finish()?.sequence == number)
    }
    #expect(try files.list(repository.operations.folder).sorted() == ["00000000"] + old)
    #expect(try files.list(repository.operations.folder + "/00000000").count == 3)
    try repository.operations.verify()
    #expect(try repository.operations.list().map(\.sequence) == Array((1...14).reversed()))
    #expect(try repository.operations.list(limit: 5).map(\.sequence) == [14, 13, 12, 11, 10])
    let sequence = try repository.operations.sequence()
    for number in 1...14 { #expect(try sequence.operation(number).sequence == number) }
    let report = Fsck.check(repository.path, fileSystem: files, threads: 1)
    #expect(!report.findings.contains { $0.path.hasPrefix(".mdata/operations") })
    #expect(report.counts.operations == 14)
    // One that nothing of took effect goes, wherever it lies.
    for number in [14, 13, 12, 11] {
      try repository.operations.remove(try #require(try repository.operations.latest()))
      #expect(try repository.operations.latest()?.sequence == number - 1)
    }
  }
}
