import Testing

@testable import History

@Suite struct RevisionTests {
  let folder: TemporaryFolder
  let git: GitRepository
  let root, left, right, merge: CommitID

  init() throws {
    folder = try TemporaryFolder()
    git = try GitRepository.create(at: folder.at("history.git"))
    root = try git.commit("root", at: 100)
    left = try git.commit("left", after: [root], at: 200)
    right = try git.commit("right", after: [root], at: 300)
    merge = try git.commit("merge", after: [left, right], at: 400)
    try git.move(.branch("main"), from: nil, to: .object(merge))
    try git.move(.tag("v1"), from: nil, to: .object(root))
    try git.move(.branch("side"), from: nil, to: .object(left))
    try git.move(.tag("side"), from: nil, to: .object(right))
    try git.move(.branch("same"), from: nil, to: .object(left))
    try git.move(.tag("same"), from: nil, to: .object(left))
  }

  @Test func `the documented forms resolve`() throws {
    let expected: [String: CommitID] = [
      "HEAD": merge, "main": merge, "v1": root, "HEAD~0": merge, "HEAD~": left, "HEAD~1": left, "HEAD^": left,
      "HEAD^0": merge, "HEAD^1": left, "HEAD^2": right, "main~2": root, "HEAD^2~1": root, "HEAD^^": root,
      "branch:side": left, "tag:side": right, "same": left, merge.hex: merge, merge.hex.uppercased(): merge,
      String(root.hex.prefix(8)): root, String(right.hex.prefix(12)) + "^": root,
    ]
    for (text, commit) in expected { #expect(try git.resolve(text).commit == commit, "\(text)") }
    #expect(try git.resolve("HEAD").name == .head)
    #expect(try git.resolve("main").name?.full == "refs/heads/main")
    #expect(try git.resolve("main~0").name == nil)
    #expect(try git.resolve(root.hex).name == nil)
  }

  @Test(arguments: [
    "", "HEAD~3", "HEAD^3", "v1^", "HEAD@{1}", "HEAD^{commit}", ":/root", "main..side", "@", "^main", "~1",
    "maim",
    "abc", "0000000000", "main:dataset.json", "--all", "HEAD~99999999999999999999", "refs/heads/../x", "head",
    "0123456789012345678901234567890123456789",
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: GitError.self) { try git.resolve(text) }
  }

  @Test func `errors list what may have been meant`() throws {
    #expect(
      throws: GitError.badRevision("maim", "there is no such branch, tag or commit", candidates: ["main"])
    ) {
      try git.resolve("maim")
    }
    #expect(
      throws: GitError.badRevision(
        "side", "it is a branch and a tag of different commits", candidates: ["branch:side", "tag:side"])
    ) { try git.resolve("side") }
  }

  @Test func `ambiguous hex prefixes list the commits`() throws {
    // Two commits found by search: their ids share five digits.
    let clash = [try git.commit("393"), try git.commit("476")]
    let prefix = "a534b"
    #expect(try git.commits(hexPrefix: prefix) == clash.sorted())
    #expect(
      throws: GitError.badRevision(
        prefix, "several commits begin with it",
        candidates: clash.sorted().map { String($0.hex.prefix(12)) })
    ) { try git.resolve(prefix) }
    #expect(try git.shortHex(root) == String(root.hex.prefix(8)))
  }
}
