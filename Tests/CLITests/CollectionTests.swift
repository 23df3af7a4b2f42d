import Foundation
import Sequences
import Testing

/// Collections against writers in processes of their own; the long run of the same is `./dev torture gc`.
@Suite struct CollectionTests {
  @Test func writersLoseNothing() throws {
    let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-collection-\(UUID().uuidString)", directoryHint: .isDirectory)
    var rounds = CollectionRounds(binary: TestRepository.binary, place: place, seed: 1)
    #expect(try rounds.run(4).hasPrefix("4 rounds"))
  }
}
