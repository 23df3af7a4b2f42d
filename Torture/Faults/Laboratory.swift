import History
public import Objects
public import Workbench

/// A folder in which verbs run and disks break.
public struct Laboratory: Sendable {
  /// The folder; everything in it is removed as needed.
  public let folder: String

  public init(folder: String) throws {
    self.folder = folder
    try Disk.remove(folder)
    try POSIXFileSystem().createDirectory(folder)
  }

  /// A session in the folder: always the same moment and author, so that commits have the same ids.
  public func session(_ fileSystem: any FileSystem = POSIXFileSystem(), at second: Int64 = 0) -> Session {
    Session(
      directory: folder, now: 1_767_225_600 + second, utcOffset: 0, author: ("A Tester", "tester@localhost"),
      threads: 1, standardInput: -1, steadyClock: { 0 }, fileSystem: fileSystem)
  }

  /// What a verb begins with: two commits on `main`, tags, branches, files to import.
  public func base(for verb: Verb) throws -> Disk.Image {
    try Disk.write([:], to: folder)
    func rows(_ name: String, _ rows: [(id: String, answer: String)]) throws {
      let text = rows.map {
        "{\"id\":\"\($0.id)\",\"instruction\":\"q \($0.id)\",\"output\":\"\($0.answer)\"}\n"
      }
      try write(name, text.joined())
    }
    try rows("first.jsonl", (1...5).map { ("\($0)", "a \($0)") })
    try rows("second.jsonl", (6...8).map { ("\($0)", "a \($0)") })
    try rows("new.jsonl", (10...13).map { ("\($0)", "a \($0)") })
    try rows("more.jsonl", (20...22).map { ("\($0)", "a \($0)") })
    try rows("twins.jsonl", [("1", "A  1"), ("50", "a 50"), ("50", "a 50")])
    try rows("update.jsonl", [("2", "edited")])
    try rows("sync.jsonl", [("1", "a 1"), ("2", "edited"), ("4", "a 4"), ("30", "a 30")])
    try rows("next1.jsonl", [("41", "next")])
    try rows("next2.jsonl", [("42", "next")])
    try write("out.jsonl", "old\n")
    if verb.needsRepository {
      _ = try InitRequest(folder: ".").run(in: session())
      for (second, name) in ["first", "second"].enumerated() {
        _ = try CommitRequest(change: .files([ImportRequest(source: name + ".jsonl")]), message: name).run(
          in: session(at: Int64(second)))
      }
      _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD~1")).run(in: session(at: 3))
      _ = try NamesRequest(.branch, action: .create("other", at: "HEAD~1")).run(in: session(at: 4))
      _ = try NamesRequest(.branch, action: .create("deep/er/old", at: "HEAD")).run(in: session(at: 5))
    }
    try verb.prepare(session(at: 6))
    return try Disk.image(of: folder)
  }

  private func write(_ name: String, _ text: String) throws {
    try POSIXFileSystem().replaceAtomically(folder + "/" + name, with: Array(text.utf8))
  }

  /// What is wrong with a repository on which something happened: nothing, when a reader sees each reference as in
  /// one of the allowed states with everything it leads to, and when after the next verb of a writer the whole is one of
  /// the allowed states and that verb's change.
  ///
  /// - Parameters:
  ///   - allowed: the states that may be.
  ///   - known: digests of the contents of commits.
  ///   - next: 1 or 2, which file the next verb commits.
  public func check(allowed: [Observation], known: [String: String], next: Int = 1) throws -> String? {
    let seen = try Observation(session())
    if let fault = Self.fault(in: seen, allowed, known) { return "a reader sees \(fault)" }
    if !seen.exists {
      _ = try InitRequest(folder: ".").run(in: session(at: 100))
    }
    // No commit is made while a merge waits.
    if seen.merge != nil { _ = try MergeAbortRequest().run(in: session(at: 100)) }
    let result = try CommitRequest(
      change: .files([ImportRequest(source: "next\(next).jsonl")]), message: "next"
    ).run(in: session(at: 100 + Int64(next)))
    guard let commit = result.commit else { return "the next verb made no commit" }
    var after = try Observation(session())
    guard after.contents[commit.commit] != nil else { return "the next verb's commit is not there" }
    after = after.without(commit.commit, parent: commit.parents.first)
    let isInit = allowed.contains { !$0.exists }
    let isAborted = seen.merge != nil
    guard
      allowed.contains(where: {
        Self.isSame($0, after, isAborted: isAborted) || isInit && !$0.exists && after.contents.isEmpty
      })
    else {
      return
        "after the next verb the references are \(after.references), staged \(after.staged), noted \(after.noted)"
    }
    let repository = try Repository(
      path: folder + "/" + Repository.folderName, fileSystem: POSIXFileSystem())
    try repository.operations.verify()
    if let damage = repository.store.check().first { return "\(damage)" }
    return nil
  }

  private static func isSame(_ left: Observation, _ right: Observation, isAborted: Bool) -> Bool {
    left.references == right.references && left.staged == right.staged && left.noted == right.noted
      && left.files == right.files && (isAborted ? left.merge != nil : left.merge == right.merge)
  }

  private static func fault(
    in seen: Observation, _ allowed: [Observation], _ known: [String: String]
  ) -> String? {
    guard allowed.contains(where: { $0.exists == seen.exists }) else {
      return seen.exists ? "a repository" : "no repository"
    }
    for name in Set(seen.references.keys).union(allowed.flatMap(\.references.keys)) {
      let target = seen.references[name]
      if !seen.exists || allowed.contains(where: { $0.references[name] == target }) { continue }
      return "\(name) at \(target ?? "nothing")"
    }
    for (commit, digest) in seen.contents where known[commit] != digest {
      return "another content of \(commit)"
    }
    guard allowed.contains(where: { $0.staged == seen.staged }) else { return "\(seen.staged) staged" }
    guard allowed.contains(where: { $0.merge == seen.merge }) else {
      return "the merge \(seen.merge ?? "none")"
    }
    guard allowed.contains(where: { $0.files == seen.files }) else { return "the files \(seen.files)" }
    return nil
  }
}
