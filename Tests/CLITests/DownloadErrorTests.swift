import Testing

/// libcurl is opened when something is downloaded, and not before.
@Suite struct DownloadErrorTests {
  @Test func withoutALibraryOnlyDownloadsFail() async throws {
    let repository = try await Sample.versions()
    // What the loader finds first is no library.
    try repository.write("libcurl.so.4", "")
    let environment = ["LD_LIBRARY_PATH": repository.path("")]
    let download = try await repository.run("add", "https://localhost/pairs.jsonl", environment: environment)
    #expect(download.code == 69)
    #expect(download.stderr.contains("error: libcurl, which fetches addresses, cannot be opened: "))
    #expect(download.stderr.contains("hint: install it"))
    #expect(try await repository.run("status", environment: environment).code == 0)
  }
}
