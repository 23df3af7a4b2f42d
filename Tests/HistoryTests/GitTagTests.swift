import Objects
import Testing

@testable import History

@Suite struct GitTagTests {
  let folder: TemporaryFolder
  let git: GitRepository
  let commit: CommitID

  init() throws {
    folder = try TemporaryFolder()
    git = try GitRepository.create(at: folder.at("history.git"))
    commit = try git.commit("one")
    try git.move(.branch("main"), from: nil, to: .object(commit))
  }

  private func draft(_ name: String, _ message: String = "As published\n\nwith a body é\n\n") throws
    -> GitTagDraft
  {
    GitTagDraft(
      name: try .tag(name), commit: commit, identity: .ada,
      time: GitTime(seconds: 1_700_000_000, offset: -330),
      message: message)
  }

  private func tag(_ name: String) throws -> CommitID {
    let id = try git.write(git.encode(draft(name)) { _ in nil })
    try git.move(.tag(name), from: nil, to: .object(id))
    return id
  }

  @Test func aTagReadsBackAsItWasWritten() throws {
    let id = try tag("v1")
    let found = try #require(try GitRepository(path: git.path).tag(at: .tag("v1")))
    #expect(found.id == id && found.target == commit && found.name == "v1")
    #expect(found.tagger == .ada && found.time == GitTime(seconds: 1_700_000_000, offset: -330))
    #expect(found.message == "As published\n\nwith a body é" && found.summary == "As published")
    // The same draft is the same object.
    #expect(try git.encode(draft("v1")) { _ in nil }.id == id.bytes)
    #expect(try git.tag(commit) == nil)
    #expect(try git.tag(at: .branch("main")) == nil)
    #expect(try git.tag(at: .tag("absent")) == nil)
  }

  @Test func revisionsLeadThroughTags() throws {
    let id = try tag("v1")
    let second = try git.commit("two", after: [commit])
    try git.move(.branch("main"), from: .object(commit), to: .object(second))
    #expect(try git.resolve("v1") == .init(commit: commit, name: .tag("v1")))
    #expect(try git.resolve("tag:v1").commit == commit)
    #expect(try git.resolve(id.hex) == .init(commit: commit, name: nil))
    #expect(try git.resolve("v1~0").commit == commit)
    #expect(try git.commit(at: .tag("v1")) == commit)
    try git.move(.branch("v1"), from: nil, to: .object(commit))
    #expect(try git.resolve("v1").name == .branch("v1"))
    // The id of another kind of object is none of a version.
    let tree = try git.commit(commit).tree
    #expect(throws: GitError.badRevision(tree.hex, "there is no such commit", candidates: [])) {
      try git.resolve(tree.hex)
    }
  }

  @Test func unusableDraftsAreRefused() throws {
    #expect(throws: GitError.self) { try git.encode(draft("v1", "a\0b")) { _ in nil } }
    var other = try draft("v1")
    other.name = try .branch("main")
    #expect(throws: GitError.self) { try git.encode(other) { _ in nil } }
    other = try draft("v1")
    other.identity = GitIdentity(name: "", email: "")
    #expect(throws: GitError.self) { try git.encode(other) { _ in nil } }
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed")) func gitReadsOurTags() async throws {
    let id = try tag("v1")
    #expect(try await RealGit.run("fsck", "--strict", "--no-dangling", in: git.path) == "")
    let shown = try await RealGit.run(
      "for-each-ref", "--format=%(objecttype) %(objectname) %(*objectname) %(taggername) %(taggerdate:raw)",
      "refs/tags", in: git.path)
    #expect(shown == "tag \(id) \(commit) Ada 1700000000 -0530\n")
    let message = try await RealGit.run("for-each-ref", "--format=%(contents)", "refs/tags/v1", in: git.path)
    #expect(message == "As published\n\nwith a body é\n\n")
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed")) func weReadGitsTags() async throws {
    let person = ["-c", "user.name=Grace", "-c", "user.email=grace@example.org"]
    _ = try await RealGit.run(
      person[0], person[1], person[2], person[3], "tag", "-a", "-m", "by git", "v1", in: git.path)
    // A tag of a tag, and all of them in a pack.
    _ = try await RealGit.run(
      person[0], person[1], person[2], person[3], "tag", "-a", "-m", "outer", "v2", "v1", in: git.path)
    _ = try await RealGit.run("gc", "--quiet", in: git.path)
    let reopened = try GitRepository(path: git.path)
    #expect(try reopened.tag(at: .tag("v1"))?.message == "by git")
    let outer = try #require(try reopened.tag(at: .tag("v2")))
    #expect(
      outer.message == "outer" && outer.tagger == GitIdentity(name: "Grace", email: "grace@example.org"))
    #expect(try reopened.commit(at: .tag("v2")) == commit)
    #expect(try reopened.resolve(outer.id.hex).commit == commit)
  }

  /// What any program may have put there: nothing stops reading but a tag that names nothing.
  @Test(arguments: [
    ("object X\n", true), ("object X\ntype commit\ntag \u{1B}[31m\n\n\n\n", true),
    ("type commit\nobject X\n", false),
    ("", false), ("\n\nobject X", false), ("object X\ntagger nobody\n\nm", true),
    ("object X\ntagger <> 99999999999999999999999 +0000\n\nm", true),
  ]) func hostileTags(text: String, isTag: Bool) throws {
    let bytes = Array(text.replacing("X", with: commit.hex).utf8)
    let found = GitTag(id: commit, bytes)
    #expect((found != nil) == isTag)
    #expect(found?.target ?? commit == commit)
    #expect(found?.time == nil)
  }
}
