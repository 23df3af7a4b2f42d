import Testing

/// Rows that come through a pipe are read once: what would need a second look is left out or refused.
@Suite struct FilterPipeTests {
  @Test func rowsOfAPipe() async throws {
    let repository = try await TestRepository(initialised: false)
    let rows = String(
      repeating: #"{"instruction":"Name a cause of fever.","output":"Flu."}"# + "\n", count: 3)
    try repository.write("rows.jsonl", rows)
    let stream = try await repository.shell("mkfifo pipe; mdata filter - --rouge-l 0.7 < rows.jsonl")
    #expect(stream.stdout.contains("Would leave out 2 rows (2 rouge-l) of 3"), "\(stream.text)")
    func piped(_ arguments: String) async throws -> TestRepository.Output {
      try await repository.shell("cat rows.jsonl > pipe & mdata \(arguments)")
    }
    let filtered = try await piped("filter pipe --rouge-l 0.7")
    #expect(filtered.stdout.contains("Would leave out 2 rows (2 rouge-l) of 3"), "\(filtered.text)")
    let near = try await piped("dedup pipe --near 0.7")
    #expect(near.stdout.contains("Would drop 2 rows"), "\(near.text)")
    let longest = try await piped("dedup pipe --keep longest")
    #expect(
      longest.code == 64 && longest.text.contains("a pipe cannot be read a second time"), "\(longest.text)")
  }
}
