import History
import Objects
import Records
public import Workbench

/// A verb that changes something, with what must be there before it.
public struct Verb: Sendable {
  /// Its name, for reports.
  public let name: String
  /// Its command line, for the tests that run the binary. Empty when there is none.
  public let arguments: [String]
  /// Whether a repository is there before.
  public let needsRepository: Bool
  /// Makes what it needs beside the usual.
  public let prepare: @Sendable (Session) throws -> Void
  /// Runs it.
  public let run: @Sendable (Session) throws -> Void

  public init(
    _ name: String, _ arguments: [String], needsRepository: Bool = true,
    prepare: @escaping @Sendable (Session) throws -> Void = { _ in },
    run: @escaping @Sendable (Session) throws -> Void
  ) {
    self.name = name
    self.arguments = arguments
    self.needsRepository = needsRepository
    self.prepare = prepare
    self.run = run
  }

  /// Every mutating verb.
  public static let all: [Verb] = [
    Verb("init", ["init"], needsRepository: false) { _ = try InitRequest(folder: ".").run(in: $0) },
    Verb("add", ["add", "new.jsonl", "more.jsonl"]) {
      _ = try AddRequest(sources: ["new.jsonl", "more.jsonl"], provenance: .init()).run(in: $0)
    },
    Verb("commit FILE", ["commit", "new.jsonl", "-m", "x"]) {
      _ = try CommitRequest(change: .files([ImportRequest(source: "new.jsonl")]), message: "x").run(in: $0)
    },
    Verb(
      "commit", ["commit", "-m", "x"],
      prepare: {
        _ = try AddRequest(sources: ["new.jsonl", "more.jsonl"], provenance: .init()).run(in: $0)
      }
    ) { _ = try CommitRequest(change: .staged, message: "x").run(in: $0) },
    Verb("commit --update", ["commit", "--update", "update.jsonl", "--key", "id", "-m", "x"]) {
      _ = try CommitRequest(change: .update(ImportRequest(source: "update.jsonl"), key: "id"), message: "x")
        .run(in: $0)
    },
    Verb("commit --sync", ["commit", "--sync", "sync.jsonl", "-m", "x"]) {
      _ = try CommitRequest(change: .sync(ImportRequest(source: "sync.jsonl")), message: "x").run(in: $0)
    },
    Verb(
      "commit of operation 100", ["commit", "new.jsonl", "-m", "x"],
      prepare: { session in
        // The first in a folder of operations of its own.
        for _ in 0..<47 {
          _ = try NamesRequest(.tag, action: .create("t", at: "HEAD")).run(in: session)
          _ = try NamesRequest(.tag, action: .delete("t")).run(in: session)
        }
      }
    ) {
      _ = try CommitRequest(change: .files([ImportRequest(source: "new.jsonl")]), message: "x").run(in: $0)
    },
    Verb("tag", ["tag", "v2"]) {
      _ = try NamesRequest(.tag, action: .create("v2", at: "HEAD")).run(in: $0)
    },
    Verb("tag --message", ["tag", "v2", "HEAD~1", "--message", "As published"]) {
      _ = try TagRequest("v2", at: "HEAD~1", message: "As published").run(in: $0)
    },
    // The binary would need a key.
    Verb("tag --sign", []) { session in
      _ = try TagRequest("v2", message: "As published").run(in: SigningStub.signing(session))
    },
    Verb("commit --sign", []) { session in
      _ = try CommitRequest(change: .files([ImportRequest(source: "new.jsonl")]), message: "x")
        .run(in: SigningStub.signing(session))
    },
    Verb(
      "tag --delete of an annotated one", ["tag", "--delete", "v2"],
      prepare: { _ = try TagRequest("v2", message: "As published").run(in: $0) }
    ) { _ = try NamesRequest(.tag, action: .delete("v2")).run(in: $0) },
    Verb("tag --delete", ["tag", "--delete", "v1"]) {
      _ = try NamesRequest(.tag, action: .delete("v1")).run(in: $0)
    },
    Verb("branch", ["branch", "deep/new"]) {
      _ = try NamesRequest(.branch, action: .create("deep/new", at: "HEAD")).run(in: $0)
    },
    Verb("branch --delete", ["branch", "--delete", "deep/er/old"]) {
      _ = try NamesRequest(.branch, action: .delete("deep/er/old")).run(in: $0)
    },
    Verb("switch", ["switch", "other"]) { _ = try SwitchRequest(branch: "other", create: false).run(in: $0) },
    Verb("switch --create", ["switch", "--create", "another"]) {
      _ = try SwitchRequest(branch: "another", create: true).run(in: $0)
    },
    // The binary ends with 1 when conflicts wait.
    Verb("merge", [], prepare: { try part($0) }) { session in
      _ = try MergeRequest(revision: "apart").run(in: session)
    },
    Verb("merge --theirs", ["merge", "apart", "--theirs"], prepare: { try part($0) }) { session in
      let outcomes = MergeOutcome.allCases.filter(\.isConflict)
      let policies = Dictionary(uniqueKeysWithValues: outcomes.map { ($0, MergePolicy.theirs) })
      _ = try MergeRequest(revision: "apart", policies: policies).run(in: session)
    },
    Verb(
      "resolve", ["resolve", "--all", "--theirs"],
      prepare: {
        try part($0)
        _ = try MergeRequest(revision: "apart").run(in: $0)
      }
    ) { _ = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.theirs)).run(in: $0) },
    Verb(
      "merge --continue", ["merge", "--continue"],
      prepare: {
        try part($0)
        _ = try MergeRequest(revision: "apart").run(in: $0)
        _ = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.both)).run(in: $0)
      }
    ) { _ = try MergeContinueRequest().run(in: $0) },
    Verb("cherry-pick", ["cherry-pick", "apart", "--ours"], prepare: { try part($0) }) { session in
      let outcomes = MergeOutcome.allCases.filter(\.isConflict)
      let policies = Dictionary(uniqueKeysWithValues: outcomes.map { ($0, MergePolicy.ours) })
      _ = try PickRequest(.cherryPick, revision: "apart", policies: policies).run(in: session)
    },
    Verb(
      "apply", ["apply", "change.patch"],
      prepare: { session in
        var patch: [UInt8] = []
        try PatchRequest(from: "v1", to: "HEAD").run(in: session) { patch += $0 }
        try POSIXFileSystem().replaceAtomically(session.directory + "/change.patch", with: patch)
        _ = try SwitchRequest(branch: "other", create: false).run(in: session)
      }
    ) { _ = try ApplyRequest(patch: "change.patch").run(in: $0) },
    Verb("revert", ["revert", "HEAD"]) { _ = try PickRequest(.revert, revision: "HEAD").run(in: $0) },
    Verb(
      "dedup", ["dedup"],
      prepare: {
        _ = try CommitRequest(change: .files([ImportRequest(source: "twins.jsonl")]), message: "twins").run(
          in: $0)
      }
    ) { _ = try DedupRequest().run(in: $0) },
    Verb("split", ["split", "HEAD", "--train", "0.5", "--test", "0.5", "--by", "record"]) {
      let shares = try ["train", "test"].map { name in
        guard let half = Share("0.5") else { throw Failure(.other, "one half is no share") }
        return (name: name, share: half)
      }
      _ = try SplitRequest(revision: "HEAD", parts: shares, key: .record).run(in: $0)
    },
    Verb("select", ["select", "--where", "id > '4'"]) {
      _ = try SelectRequest(selection: Selection(condition: "id > '4'")).run(in: $0)
    },
    Verb("select --branch", ["select", "v1", "--sample", "2", "--branch", "deep/few"]) {
      _ = try SelectRequest(
        revision: "v1", selection: Selection(choice: .sample(.records(2), stratify: nil)), branch: "deep/few"
      ).run(in: $0)
    },
    Verb("card", ["card", "v1", "-o", "out.jsonl"]) {
      _ = try CardRequest(revision: "v1", output: "out.jsonl").run(in: $0)
    },
    Verb("pin", ["pin", "v1"]) { _ = try PinRequest(revision: "v1").run(in: $0) },
    Verb("checkout", ["checkout", "v1", "-o", "out.jsonl"]) {
      _ = try CheckoutRequest(version: .revision("v1"), target: .file("out.jsonl")).run(in: $0)
    },
    Verb("undo", ["undo"]) { _ = try UndoRequest(.undo).run(in: $0) },
    Verb("redo", ["redo"], prepare: { _ = try UndoRequest(.undo).run(in: $0) }) {
      _ = try UndoRequest(.redo).run(in: $0)
    },
    Verb("gc", ["gc", "--aggressive", "--grace", "0"]) {
      _ = try GarbageCollectRequest(aggressive: true, grace: 0).run(in: $0)
    },
    Verb(
      "fsck --repair", ["fsck", "--repair"],
      prepare: { session in
        // A branch that was lost. What is damaged cannot be read before and after, as is asked of all other verbs.
        try POSIXFileSystem().remove(
          session.directory + "/" + Repository.folderName + "/history.git/refs/heads/other")
      }
    ) {
      let result = try FsckRequest(repair: true).run(in: $0)
      // A check goes on where it cannot read, and says of each place why not.
      let found = result.findings.map { $0.path + ": " + $0.message }.joined(separator: "; ")
      guard result.isIntact else { throw Failure(.io, found) }
    },
    Verb("reindex", ["reindex"]) { _ = try ReindexRequest().run(in: $0) },
    Verb(
      "train",
      [
        "train", "HEAD", "--model", "model", "--out", "trained", "--steps", "1", "--records", "1",
        "--seq-len", "64",
        "--batch", "1",
      ],
      prepare: { _ = try ModelRequest(folder: "model", seed: 1).run(in: $0) }
    ) { session in
      var request = TrainRequest(version: .revision("HEAD"), model: "model", output: "trained")
      (request.steps, request.records, request.sequenceLength, request.batch) = (1, 1, 64, 1)
      _ = try request.run(in: session, report: { _ in })
    },
  ]

  /// Two branches that contradict each other in one record and agree about the others.
  private static func part(_ session: Session) throws {
    func commit(_ name: String, _ rows: String) throws {
      try POSIXFileSystem().replaceAtomically(session.directory + "/" + name, with: Array(rows.utf8))
      _ = try CommitRequest(change: .update(ImportRequest(source: name), key: "id"), message: name).run(
        in: session)
    }
    func row(_ id: String, _ answer: String) -> String {
      "{\"id\":\"\(id)\",\"instruction\":\"q \(id)\",\"output\":\"\(answer)\"}\n"
    }
    _ = try NamesRequest(.branch, action: .create("apart", at: "HEAD")).run(in: session)
    try commit("ours.jsonl", row("1", "ours") + row("2", "ours"))
    _ = try SwitchRequest(branch: "apart", create: false).run(in: session)
    try commit("theirs.jsonl", row("1", "theirs") + row("3", "theirs"))
    _ = try SwitchRequest(branch: "main", create: false).run(in: session)
  }
}
