import Records
import Testing

@testable import Objects

@Suite struct PrefixTests {
  @Test func lookUpsAgreeWithAList() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    var generator = SplitMix64(seed: 21)
    var model: [(id: ObjectID, kind: ObjectKind)] = []
    // One pack over the size that is merged, and many under it.
    for count in [600, 5, 1, 30, 5, 70] {
      let writer = try PackWriter(store)
      for _ in 0..<count {
        let kind = ObjectKind.allCases.randomElement(using: &generator, or: .pair)
        model.append((try writer.add(kind, bytes(20, &generator)), kind))
      }
      _ = try writer.finish()
    }
    model.sort { $0.id < $1.id }
    for (id, kind) in model.shuffled(using: &generator).prefix(60) {
      for digits in [1, 2, 3, 8, 16, 17, 63, 64] {
        let prefix = String(id.hex.prefix(digits))
        let expected = model.filter { $0.id.hex.hasPrefix(prefix) }
        let found = try store.matches(hexPrefix: digits == 3 ? prefix.uppercased() : prefix, limit: 1_000)
        #expect(found.map(\.id) == expected.map(\.id))
        #expect(found.map(\.kind) == expected.map(\.kind))
      }
      #expect(try store.kind(of: id) == kind)
      #expect(try store.batch(BatchPrefix(of: id)) == (kind == .batch ? id : nil))
      let short = store.abbreviation(of: id, digits: 1)
      #expect(model.filter { $0.id.hex.hasPrefix(short) }.count == 1)
      #expect(short.count == 1 || model.filter { $0.id.hex.hasPrefix(short.dropLast()) }.count > 1)
    }
    let kinds = try store.matches(hexPrefix: "a", kinds: [.node], limit: 1_000)
    #expect(kinds.map(\.id) == model.filter { $0.kind == .node && $0.id.hex.hasPrefix("a") }.map(\.id))
    #expect(try store.matches(hexPrefix: "", limit: 9).isEmpty)
    #expect(try store.matches(hexPrefix: "xyz", limit: 9).isEmpty)
    #expect(try store.matches(hexPrefix: String(repeating: "0", count: 65)).isEmpty)
    #expect(try store.kind(of: ObjectID.hash(.pair, [1])) == nil)
  }

  @Test func aWriterElsewhereIsNoticedOnAMiss() throws {
    let directory = TemporaryDirectory()
    let (reading, writing) = (try directory.store(), try directory.store())
    let reader = try ObjectReader(reading)
    let id = ObjectID.hash(.batch, [1, 2])
    #expect(throws: ObjectsError.missing(id, .batch)) { try reader.read(id, .batch) }
    let writer = try PackWriter(writing)
    try writer.add(.batch, [1, 2])
    _ = try writer.finish()
    #expect(try reader.read(id, .batch) == [1, 2])
    #expect(try reading.batch(BatchPrefix(of: id)) == id)
  }

  @Test func searchAgreesWithALinearOne() {
    var generator = SplitMix64(seed: 22)
    for round in 0..<300 {
      let count = Int(generator.next() % 200)
      // Uniform, clustered and repeated numbers.
      let numbers = (0..<count).map { _ in
        round % 3 == 0
          ? generator.next() : round % 3 == 1 ? generator.next() % 50 : .max - generator.next() % 9
      }.sorted()
      for key in numbers + [0, .max, generator.next(), 25] {
        let expected = numbers.firstIndex { $0 >= key } ?? count
        #expect(lowerBound(of: key, count: count) { numbers[$0] } == expected)
      }
    }
  }
}
