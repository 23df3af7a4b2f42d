import Testing

/// What an older build wrote (`fixtures/repo-v1`), used through the verbs of this one.
@Suite struct OldRepositoryCheckoutTests {
  private func unpacked() async throws -> TestRepository {
    let repository = try await TestRepository(initialised: false)
    let archive = TestRepository.fixturePath("repo-v1/repository.tar.gz")
    #expect(try await repository.shell("tar -xzf '\(archive)'").code == 0)
    return repository
  }

  @Test func everyVersionComesBackByteForByte() async throws {
    let repository = try await unpacked()
    let digests = try await repository.shell(
      """
      for version in v1 v2 main; do mdata checkout $version --format alpaca-jsonl -o - | sha256sum; done
      mdata checkout side --format messages -o - | sha256sum
      mdata checkout v1 -o - | cmp - first.jsonl && echo same
      mdata checkout --locked -q -o pinned.jsonl && echo pinned
      """)
    #expect(
      digests.text == """
        37447511bd88612b71f49cdbcb2231b9a4a7aaf3b12eaa9c34a8a2faf113cdc6  -
        39fad1cd979a8f70d0a6099ed2ab2ff2b3f6c7e83b90de3c0e5fa8317897dcbe  -
        93033d3bbdba6b920a64bd53013aea39c0df494a74acd4d49b88c71dbc24f00a  -
        05237d931afd918b17c344610b153ff367fe44d4366c04a39607b942e57647bd  -
        same
        pinned

        """)
  }

  @Test func everyVerbReadsItAndWorkGoesOn() async throws {
    let repository = try await unpacked()
    for command in [
      ["status"], ["log"], ["show", "v2"], ["diff", "v1", "main"], ["branch"], ["tag"], ["runs"], ["audit"],
    ] {
      let output = try await repository.run(command + ["--json"])
      #expect(output.code == 0 && output.stderr.isEmpty, "\(command): \(output.text)")
    }
    let blame = try await repository.run("blame", "c4dbcf67:9")
    #expect(blame.stdout.contains("edited in fixes.jsonl, line 1"), "\(blame.text)")
    #expect(blame.stdout.contains("One answer") && blame.stdout.contains("First batch"), "\(blame.text)")
    let commit = try await repository.run("commit", "-m", "What was staged long ago")
    #expect(commit.code == 0, "\(commit.text)")
    #expect(try await repository.run("show", "--json").stdout.contains("\"records\":642"))
  }
}
