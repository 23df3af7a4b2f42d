import Foundation
import Testing

@testable import torture

/// Collections against writers in processes of their own; the long run of the same is `torture gc`.
@Suite struct CollectionTests {
  @Test func writersLoseNothing() throws {
    let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-collection-\(UUID().uuidString)", directoryHint: .isDirectory)
    let summary = try CollectionTorture(binary: TestRepository.binary, place: place, seed: 1).run(rounds: 4)
    #expect(summary.hasSuffix("0 lost"))
  }
}
