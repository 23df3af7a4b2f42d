import Testing

@Suite struct VersionTests {
  @Test func logsAndShows() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata log
      $ mdata log v1
      $ mdata log -n 1
      $ mdata log -n 0
      $ mdata show
      $ mdata show v1
      $ mdata show HEAD~1 --json
      $ mdata log --json -n 1
      """#)
  }

  @Test func showsTheTimeWhereTheAuthorWas() async throws {
    let repository = try await Sample.files()
    try await repository.run("commit", "first.jsonl", "-m", "First")
    try await repository.run("commit", "second.csv", "-m", "Lines\nand more", environment: ["MDATA_AUTHOR_NAME": "Zoë Ångström"])
    try await repository.check(
      #"""
      $ mdata log
      """#)
  }

  @Test func diffs() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata diff v1
      $ mdata diff HEAD v1
      $ mdata diff v1 side
      $ mdata diff v1 side --exit-code
      $ mdata diff v1 --exit-code --quiet
      $ mdata diff v1 --stat
      $ mdata diff v1 --stat --json
      $ mdata diff v1 --json
      """#)
  }

  @Test func branchesAndSwitches() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata branch
      $ mdata branch review/doses v1
      $ mdata switch review/doses
      $ mdata switch --create fresh
      $ mdata branch
      $ mdata branch --json
      $ mdata branch --delete review/doses
      $ mdata switch main --json
      $ mdata status
      """#)
  }

  @Test func tags() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata tag
      $ mdata tag v2
      $ mdata tag v1.1 HEAD~1
      $ mdata tag
      $ mdata tag --json
      $ mdata tag -d v2
      """#)
  }

  @Test func names() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata show HEAD --quiet
      $ mdata cat #3
      $ mdata cat #3:1
      $ mdata cat #3:1 --json
      $ mdata --json cat #3:2
      $ mdata --version
      """#)
  }
}
