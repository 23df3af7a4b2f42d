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
      Checked 1 pack with 6 objects, 1 version with 1 record state, 2 operations: nothing is damaged
      $ mdata fsck --quiet
      $ mdata fsck --dry-run
      error: `--dry-run` belongs to `--repair`
      hint: `mdata fsck` alone changes nothing; `mdata fsck --repair --dry-run` shows what a repair would do
      [exit 64]
      """#, changesNothing: true)
    try repository.write(".mdata/format", "")
    try repository.write(".mdata/history.git/refs/tags/v1", "gone\n")
    try repository.write(".mdata/objects/pack.tmp0", "half")
    try await repository.check(
      #"""
      $ mdata log
      error: $PLACE/.mdata/format is damaged: line 1, column 1 (byte 0): there is no JSON value. Run `mdata fsck`
      hint: `mdata fsck` says what is damaged, and `mdata fsck --repair` saves what is not
      [exit 65]
      $ mdata fsck
      damaged  .mdata/format
        it is empty
        next:     `mdata fsck --repair`
      damaged  .mdata/history.git/refs/tags/v1
        it does not hold a commit's 40 digits
        versions: #1
        next:     `mdata fsck --repair`
      notice  .mdata/index.sqlite
        it was not compared: Could not read refs/tags/v1: corrupted loose reference file: refs/tags/v1 (libgit2 code -1).
        next:     `mdata fsck --repair`, which builds it again when it can
      notice  .mdata/objects/pack.tmp0
        a leftover of a process that ended while it wrote
        next:     nothing: it does no harm
      Checked 1 pack with 6 objects, 1 version with 1 record state, 2 operations: 2 damaged
      [exit 65]
      $ mdata fsck --repair --dry-run
      would    write `.mdata/format`: it is empty
      would    write `.mdata/history.git/refs/tags/v1`: it does not hold a commit's 40 digits; now it names #1/40
      would    compare the index with history, and build it again when it disagrees
      damaged  .mdata/format
        it is empty
        next:     `mdata fsck --repair`
      damaged  .mdata/history.git/refs/tags/v1
        it does not hold a commit's 40 digits
        versions: #1
        next:     `mdata fsck --repair`
      notice  .mdata/index.sqlite
        it was not compared: Could not read refs/tags/v1: corrupted loose reference file: refs/tags/v1 (libgit2 code -1).
        next:     `mdata fsck --repair`, which builds it again when it can
      notice  .mdata/objects/pack.tmp0
        a leftover of a process that ended while it wrote
        next:     nothing: it does no harm
      Checked 1 pack with 6 objects, 1 version with 1 record state, 2 operations: 2 damaged
      [exit 65]
      """#, changesNothing: true)
    try await repository.check(
      #"""
      $ mdata fsck --repair
      done     write `.mdata/format`: it is empty
      done     write `.mdata/history.git/refs/tags/v1`: it does not hold a commit's 40 digits; now it names #1/40
      In quarantine: .mdata/quarantine/1; NOTES.txt there says where each file was
      notice  .mdata/objects/pack.tmp0
        a leftover of a process that ended while it wrote
        next:     nothing: it does no harm
      Checked 1 pack with 6 objects, 1 version with 1 record state, 2 operations: nothing is damaged
      $ mdata fsck --repair
      notice  .mdata/objects/pack.tmp0
        a leftover of a process that ended while it wrote
        next:     nothing: it does no harm
      Checked 1 pack with 6 objects, 1 version with 1 record state, 2 operations: nothing is damaged, and nothing was to be repaired
      $ mdata log --quiet
      #1  (main, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  1 record
          One
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
