import Testing

@testable import History

@Suite struct GitRepositoryTests {
  let folder: TemporaryFolder
  let git: GitRepository

  init() throws {
    folder = try TemporaryFolder()
    git = try GitRepository.create(at: folder.at("history.git"))
  }

  @Test func `a commit reads back as it was written`() throws {
    let first = try git.commit("first")
    let files: [String: [UInt8]] = [
      "dataset.json": Array("{}".utf8), "recipes/a.yaml": [0, 1, 255], "recipes/deep/b.yaml": [],
      "README.md": [65],
    ]
    let draft = GitCommitDraft(
      parents: [first], files: files, identity: GitIdentity(name: "Grace Hopper", email: "grace@example.org"),
      time: GitTime(seconds: 1_699_999_999, offset: -330), message: "subject\n\nbody é 😀\n\n")
    let id = try git.write(draft)
    let commit = try GitRepository(path: git.path).commit(id)
    #expect(commit.parents == [first])
    #expect(commit.author == draft.identity)
    #expect(commit.time == draft.time)
    #expect(commit.message == "subject\n\nbody é 😀")
    #expect(commit.summary == "subject")
    #expect(try git.files(in: id) == files.keys.sorted())
    for (path, bytes) in files { #expect(try git.file(path, in: id) == bytes) }
    #expect(try git.file("absent.json", in: id) == nil)
    #expect(throws: GitError.damagedCommit(id, "its recipes is not a file")) {
      try git.file("recipes", in: id)
    }
    #expect(try git.write(draft) == id)
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed"))
  func `an author who is not the committer is read by git`() async throws {
    // An address that git let pass once must not keep anybody from taking the change over.
    for author in [
      GitIdentity(name: "Grace Hopper", email: "grace@example.org"), GitIdentity(name: "", email: ""),
    ] {
      let draft = GitCommitDraft(
        parents: [], files: ["dataset.json": [1]], identity: .ada,
        time: GitTime(seconds: 1_700_000_000, offset: 60),
        author: GitStamp(identity: author, time: GitTime(seconds: 1_600_000_000, offset: -330)), message: "m")
      let id = try git.write(draft)
      let commit = try git.commit(id)
      #expect(commit.authorship == draft.author)
      #expect(commit.commitment == GitStamp(identity: .ada, time: draft.time))
      let shown = try await RealGit.run(
        "log", "--format=%an|%ae|%ad|%cn|%ce|%cd", "--date=raw", id.hex, in: git.path)
      #expect(
        shown == "\(author.name)|\(author.email)|1600000000 -0530|Ada|ada@example.org|1700000000 +0100\n")
    }
    for bad in ["a\nb", "a<b", "a>b", "a\0b"] {
      #expect(throws: GitError.self) {
        try git.write(
          GitCommitDraft(
            parents: [], files: [:], identity: .ada, time: GitTime(seconds: 0),
            author: GitStamp(identity: GitIdentity(name: "n", email: bad), time: GitTime(seconds: 0)),
            message: "m"))
      }
    }
  }

  @Test func `unusable drafts and folders are refused`() throws {
    #expect(throws: GitError.self) { try git.commit("a\0b") }
    #expect(throws: GitError.self) {
      try git.write(
        GitCommitDraft(
          parents: [], files: [:], identity: GitIdentity(name: "", email: ""), time: GitTime(seconds: 0),
          message: "m"))
    }
    for path in ["../up", ".git/config", "a//b", "/a", ""] {
      #expect(throws: GitError.self, "\(path)") {
        try git.write(
          GitCommitDraft(
            parents: [], files: [path: [1]], identity: .ada, time: GitTime(seconds: 0), message: "m"))
      }
    }
    let unknown = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
    #expect(throws: GitError.notFound("commit \(unknown)")) { try git.commit("m", after: [unknown]) }
    #expect(throws: GitError.notFound("commit \(unknown)")) { try git.commit(unknown) }
    #expect(throws: GitError.notFound("git repository at \(folder.path)")) {
      try GitRepository(path: folder.path)
    }
  }

  @Test func `references move by compare-and-swap`() throws {
    let (main, tag) = (try RefName.branch("main"), try RefName.tag("v1"))
    #expect(try git.references() == [.head: .reference(main)])
    #expect(try git.commit(at: .head) == nil)
    let one = try git.commit("one")
    let two = try git.commit("two", after: [one])
    try git.move(main, from: nil, to: .object(one))
    #expect(throws: GitError.referenceExists(main.full)) { try git.move(main, from: nil, to: .object(two)) }
    #expect(throws: GitError.referenceMoved(main.full)) {
      try git.move(main, from: .object(two), to: .object(one))
    }
    #expect(throws: GitError.referenceMoved(main.full)) { try git.move(main, from: .object(two), to: nil) }
    try git.move(main, from: .object(one), to: .object(two))
    try git.move(tag, from: nil, to: .object(one))
    #expect(try git.references() == [.head: .reference(main), main: .object(two), tag: .object(one)])
    #expect(try git.commit(at: .head) == two)
    try git.move(tag, from: .object(one), to: nil)
    #expect(try git.target(of: tag) == nil)
    #expect(throws: GitError.referenceMoved(tag.full)) { try git.move(tag, from: .object(one), to: nil) }

    let other = try RefName.branch("topic/two")
    #expect(throws: GitError.referenceMoved("HEAD")) {
      try git.move(.head, from: .reference(other), to: .reference(main))
    }
    try git.move(.head, from: .reference(main), to: .reference(other))
    #expect(try git.commit(at: .head) == nil)
    try git.move(.head, from: .reference(other), to: .object(one))
    #expect(try git.target(of: .head) == .object(one))
    #expect(try git.target(of: main) == .object(two))
    #expect(throws: GitError.referenceMoved("HEAD")) {
      try git.move(.head, from: .object(two), to: .reference(main))
    }
    try git.move(.head, from: .object(one), to: .object(two))
    try git.move(.head, from: .object(two), to: .reference(main))
    #expect(try git.target(of: .head) == .reference(main))
  }

  @Test func `a branch that differs only in case is refused`() throws {
    let one = try git.commit("one")
    try git.move(.branch("main"), from: nil, to: .object(one))
    #expect(throws: GitError.badName("Main", "`refs/heads/main` differs only in upper and lower case")) {
      try git.move(.branch("Main"), from: nil, to: .object(one))
    }
    #expect(throws: GitError.self) { try git.move(.branch("main/x"), from: nil, to: .object(one)) }
  }

  @Test func `racing writers lose no update`() async throws {
    let main = try RefName.branch("main")
    let path = git.path
    let root = try git.commit("root")
    try git.move(main, from: nil, to: .object(root))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let git = try GitRepository(path: path)
          var left = 8
          while left > 0 {
            guard let tip = try git.commit(at: main) else { return }
            let next = try git.commit("\(writer) \(left)", after: [tip])
            do {
              try git.move(main, from: .object(tip), to: .object(next))
              left -= 1
            } catch GitError.referenceMoved {
              continue
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let tip = try #require(try git.commit(at: main))
    #expect(try git.log(from: [tip]).count == 33)
  }

  @Test func `walks, merge bases and ancestry agree with the graph`() throws {
    let root = try git.commit("root", at: 100)
    let left = try git.commit("left", after: [root], at: 200)
    let right = try git.commit("right", after: [root], at: 300)
    let merge = try git.commit("merge", after: [left, right], at: 400)
    let lone = try git.commit("lone", at: 500)
    #expect(try git.log(from: [merge]).map(\.message) == ["merge", "right", "left", "root"])
    #expect(try git.log(from: [merge], limit: 2).map(\.message) == ["merge", "right"])
    #expect(try git.log(from: [merge], excluding: [left]).map(\.message) == ["merge", "right"])
    let order = try git.ancestry(from: [merge])
    #expect(order.first == root && order.last == merge && order.count == 4)
    #expect(try git.log(from: []) == [])
    #expect(try git.mergeBase(left, right) == root)
    #expect(try git.mergeBase(left, merge) == left)
    #expect(try git.mergeBase(left, lone) == nil)
    #expect(try git.mergeBases(left, right) == [root])
    #expect(try git.mergeBases(left, lone) == [])
    #expect(try git.isAncestor(root, of: merge))
    #expect(try git.isAncestor(merge, of: merge))
    #expect(try !git.isAncestor(merge, of: root))
    #expect(try !git.isAncestor(lone, of: merge))
  }

  @Test(.enabled(if: RealGit.isThere, "git is not installed: its own checks were not run"))
  func `git itself finds the repository clean and agrees on the log`() async throws {
    let root = try git.commit("root", at: 100)
    let left = try git.commit("left", after: [root], at: 200)
    let merge = try git.commit("merge", after: [left, root], at: 300)
    let nested = try git.write(
      GitCommitDraft(
        parents: [merge], files: ["a/b.yaml": [1], "a.yaml": [2], "dataset.json": [3], "a/b/c": [4]],
        identity: .ada,
        time: GitTime(seconds: 400), message: "nested"))
    try git.move(.branch("main"), from: nil, to: .object(nested))
    let check = try await RealGit.run("fsck", "--strict", "--full", "--no-dangling", in: git.path)
    #expect(check == "")
    let log = try await RealGit.run("log", "--format=%H %an <%ae> %at %s", in: git.path)
    let ours = try git.log(from: [nested]).map {
      "\($0.id) \($0.author.name) <\($0.author.email)> \($0.time.seconds) \($0.summary)\n"
    }
    #expect(log == ours.joined())
    _ = try await RealGit.run(
      "-c", "user.name=T", "-c", "user.email=t@t", "tag", "-a", "-m", "x", "v2", in: git.path)
    #expect(try git.commit(at: .tag("v2")) == nested)
    #expect(try git.resolve("v2").commit == nested)
  }
}
