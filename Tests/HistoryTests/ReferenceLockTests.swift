import Glibc
import Objects
import Testing

@testable import History

@Suite struct ReferenceLockTests {
  let folder: TemporaryFolder
  let git: GitRepository
  let files = POSIXFileSystem()

  init() throws {
    folder = try TemporaryFolder()
    git = try GitRepository.create(at: folder.at("history.git"))
  }

  private func names(_ path: String) throws -> [String] { try files.list(git.path + path).sorted() }

  @Test func `a move leaves nothing but the reference`() throws {
    let one = try git.commit("one")
    try git.move(.branch("a/b/c"), from: nil, to: .object(one))
    #expect(try names("") == ["HEAD", "config", "objects", "refs"])
    #expect(try names("/refs/heads/a/b") == ["c"])
    #expect(try files.contents(of: git.path + "/refs/heads/a/b/c", limit: 100) == Array("\(one)\n".utf8))
    try git.move(.branch("a/b/c"), from: .object(one), to: nil)
    #expect(try names("/refs/heads") == [])
  }

  @Test func `a lock of a dead process is removed, whatever it was about to do`() throws {
    let main = try RefName.branch("main")
    let one = try git.commit("one")
    let two = try git.commit("two", after: [one])
    try git.move(main, from: nil, to: .object(one))
    // What a process killed between taking the lock and its next step leaves.
    try files.replaceAtomically(git.path + "/reference.tmp0", with: Array("\(two)\n".utf8))
    try files.link(git.path + "/reference.tmp0", to: git.path + "/refs/heads/main.lock")
    #expect(try git.target(of: main) == .object(one))
    try git.move(main, from: .object(one), to: .object(two))
    #expect(try git.target(of: main) == .object(two))
    #expect(try names("") == ["HEAD", "config", "objects", "refs"])
    #expect(try names("/refs/heads") == ["main"])
  }

  @Test func `a lock of a living process or another program is respected and named`() throws {
    let main = try RefName.branch("main")
    let one = try git.commit("one")
    let lock = git.path + "/refs/heads/main.lock"
    try files.replaceAtomically(lock, with: [])
    #expect(throws: GitError.referenceLocked(lock)) { try git.move(main, from: nil, to: .object(one)) }
    // A second name that is not beside one of our temporary files proves nothing.
    try files.link(lock, to: git.path + "/copy")
    #expect(throws: GitError.referenceLocked(lock)) { try git.move(main, from: nil, to: .object(one)) }
    try files.remove(lock)
    let living = try ReferenceLock(
      path: git.path + "/refs/heads/main", ReferenceLock.Prepared([1], in: git.path, files), folder: git.path,
      fileSystem: files)
    #expect(throws: GitError.referenceLocked(lock)) { try git.move(main, from: nil, to: .object(one)) }
    try living.delete()
    try git.move(main, from: nil, to: .object(one))
  }

  @Test func `folders that deleted names left give way, other names do not`() throws {
    let one = try git.commit("one")
    try files.createDirectory(git.path + "/refs/heads/a")
    try files.createDirectory(git.path + "/refs/heads/a/b")
    try git.move(.branch("a"), from: nil, to: .object(one))
    #expect(
      throws: GitError.badName(
        "A/c", "`refs/heads/a` exists, and a name cannot also be the first part of another")
    ) { try git.move(.branch("A/c"), from: nil, to: .object(one)) }
    try git.move(.tag("v/1"), from: nil, to: .object(one))
    #expect(throws: GitError.self) { try git.move(.tag("v"), from: nil, to: .object(one)) }
    #expect(throws: GitError.notFound("commit \(String(repeating: "ab", count: 20))")) {
      let unknown = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
      try git.move(.branch("x"), from: nil, to: .object(unknown))
    }
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed"))
  func `a name that git has packed is moved and deleted, and its neighbours stay`() async throws {
    let one = try git.commit("one")
    let two = try git.commit("two", after: [one])
    for name in ["main", "b", "c"] { try git.move(.branch(name), from: nil, to: .object(one)) }
    _ = try await RealGit.run(
      "-c", "user.name=T", "-c", "user.email=t@t", "tag", "-a", "-m", "x", "v1", one.hex, in: git.path)
    _ = try await RealGit.run("pack-refs", "--all", in: git.path)
    #expect(try names("/refs/heads") == [])
    try git.move(.branch("b"), from: .object(one), to: .object(two))
    try git.move(.branch("b"), from: .object(two), to: nil)
    try git.move(.branch("c"), from: .object(one), to: nil)
    let tag = try #require(try git.target(of: .tag("v1")))
    try git.move(.tag("v1"), from: tag, to: nil)
    let left = try await RealGit.run("for-each-ref", "--format=%(refname)", in: git.path)
    #expect(left == "refs/heads/main\n")
    #expect(try git.references().keys.sorted().map(\.full) == ["HEAD", "refs/heads/main"])
    #expect(try await RealGit.run("fsck", "--strict", "--full", "--no-dangling", in: git.path) == "")
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed"))
  func `a commit has the id that git gives it`() async throws {
    let empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
    let draft = GitCommitDraft(
      parents: [], files: [:], identity: GitIdentity(name: " Ada L. ", email: "<ada@example.org>"),
      time: GitTime(seconds: 1_700_000_000, offset: -330), message: "subject é\n\nbody\n\n")
    #expect(throws: GitError.self) { try git.write(draft) }
    let id = try git.write(
      GitCommitDraft(
        parents: [], files: [:], identity: GitIdentity(name: " Ada L. ", email: "ada@example.org"),
        time: draft.time, message: draft.message))
    let shown = try await RealGit.run("cat-file", "commit", id.hex, in: git.path)
    #expect(
      shown
        == "tree \(empty)author Ada L <ada@example.org> 1700000000 -0530\ncommitter Ada L <ada@example.org> 1700000000 -0530\n\nsubject é\n\nbody\n"
    )
    #expect(throws: GitError.badName("a", "it is both a file and a folder")) {
      try git.write(
        GitCommitDraft(
          parents: [], files: ["a": [1], "a-b": [2], "a/c": [3]], identity: .ada, time: draft.time,
          message: "m"))
    }
  }
}
