import Foundation
import FuzzTargets
import Records
import Testing

/// Everything the fuzzers kept, and every input that once broke a promise, given to the parsers again.
@Suite struct CorpusTests {
  static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/corpus")

  private func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Self.corpus.appending(path: target.name)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      ($0, Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }

  @Test(arguments: FuzzTarget.all.map(\.name)) func everyInputKeepsThePromises(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let inputs = try inputs(of: target)
    #expect((1...60).contains(inputs.count), "\(name) has \(inputs.count) inputs")
    var accepted = 0
    for (file, bytes) in inputs {
      do {
        if try target.check(bytes) { accepted += 1 }
      } catch {
        Issue.record("\(name)/\(file): \(error)")
      }
    }
    // A corpus that is refused as a whole tests the front door only.
    #expect(accepted > 0, "\(name) accepts nothing of its corpus")
  }

  /// Every input of every corpus, cut short and with single bytes changed.
  @Test(arguments: FuzzTarget.all.map(\.name)) func damagedInputsKeepThePromises(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    var generator = SplitMix64(seed: 42)
    func random(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    for (file, bytes) in try inputs(of: target) where !bytes.isEmpty {
      for _ in 0..<4 {
        var damaged = bytes
        switch random(3) {
        case 0: damaged.removeLast(random(bytes.count) + 1)
        case 1: damaged[random(bytes.count)] = UInt8(random(256))
        default: damaged.insert(UInt8(random(256)), at: random(bytes.count))
        }
        do {
          try target.check(damaged)
        } catch {
          Issue.record("\(name)/\(file), damaged to \(damaged): \(error)")
        }
      }
    }
  }

  /// The corpus stays small enough to be read and committed.
  @Test func theCorpusIsSmall() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path).sorted()
    #expect(names == FuzzTarget.all.map(\.name).sorted(), "a folder for each target, and nothing else")
    var bytes = 0
    for target in FuzzTarget.all { bytes += try inputs(of: target).reduce(0) { $0 + $1.bytes.count } }
    #expect(bytes < 1_000_000)
  }
}
