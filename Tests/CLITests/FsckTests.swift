import Testing

/// What `fsck` and `reindex` print. The catalogue of damage is tested below the command line.
@Suite struct FsckTests {
  private func sample() async throws -> TestRepository {
    let repository = try await TestRepository()
    try repository.write("pairs.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try await repository.run("commit", "pairs.jsonl", "-m", "One")
    try await repository.run("tag", "v1")
    return repository
  }

  @Test func damageIsSaidAndRepaired() async throws {
    let repository = try await sample()
    try await repository.check(
      #"""
      $ mdata fsck
      $ mdata fsck --quiet
      $ mdata fsck --dry-run
      """#, changesNothing: true)
    try repository.write(".mdata/format", "")
    try repository.write(".mdata/history.git/refs/tags/v1", "gone\n")
    try repository.write(".mdata/objects/pack.tmp0", "half")
    try await repository.check(
      #"""
      $ mdata log
      $ mdata fsck
      $ mdata fsck --repair --dry-run
      """#, changesNothing: true)
    try await repository.check(
      #"""
      $ mdata fsck --repair
      $ mdata fsck --repair
      $ mdata log --quiet
      """#)
  }

  @Test func whatIsLostIsNamed() async throws {
    let repository = try await sample()
    let pack = try #require(try repository.files().keys.first { $0.hasSuffix(".pack") })
    var bytes = try repository.bytes(pack)
    bytes[20] ^= 1
    try await repository.shell("rm -f \(pack)")
    try repository.write(pack, bytes: bytes)
    let output = try await repository.run("fsck", "--json")
    #expect(output.code == 65)
    #expect(output.stderr.isEmpty)
    #expect(output.stdout.contains(#""kind":"object""#))
    let found = try #require(
      output.stdout.firstMatch(of: /"record_count":1,"records":\["([0-9a-f]{24}:1)"\]/))
    let repaired = try await repository.run("fsck", "--repair")
    #expect(repaired.code == 65)
    #expect(repaired.stdout.contains("\(found.1.prefix(8)):1"), "\(repaired.text)")
  }

  @Test func theIndexIsBuiltAgain() async throws {
    let repository = try await sample()
    let first = try await repository.run("reindex")
    #expect(first.stdout.hasPrefix("Deleted the index and built it again: 1 version, 1 batch, 0 runs, "))
    try await repository.shell("rm .mdata/index.sqlite*")
    #expect(try await repository.run("reindex").stdout.hasPrefix("There was no index. Built one: 1 version"))
  }

  @Test func outsideARepository() async throws {
    let repository = try await TestRepository(initialised: false)
    for verb in ["fsck", "reindex"] { #expect(try await repository.run(verb).code == 66) }
  }
}
