public import Foundation
public import History
import Objects
import Records
import Workbench

/// Random sequences of verbs, undone to the beginning and done again: after every step the repository must look,
/// byte for byte, as it did when the step was first made.
public struct UndoSequences {
  /// Where the repositories are made, one after the other.
  public let place: URL
  private var random: SplitMix64
  private var session: Session

  /// Sequences that are the same for the same seed.
  public init(place: URL, seed: UInt64) {
    self.place = place
    random = SplitMix64(seed: seed)
    session = Session(
      directory: place.path, now: 1_767_225_600, utcOffset: 0, author: ("A Tester", "tester@localhost"),
      threads: 1, standardInput: -1, steadyClock: { 0 })
  }

  /// That a state came back other than it was.
  public struct Difference: Error, CustomStringConvertible {
    /// What was done and where the difference is.
    public let description: String
  }

  /// Runs sequences. Returns how many states were compared.
  ///
  /// - Throws: ``Difference``, and whatever a verb throws that should not.
  public mutating func run(_ count: Int) throws -> Int {
    var compared = 0
    for _ in 0..<count { compared += try sequence() }
    return compared
  }

  /// One sequence in a new repository.
  private mutating func sequence() throws -> Int {
    try? FileManager.default.removeItem(at: place)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    _ = try InitRequest(folder: ".").run(in: session)
    defer { try? FileManager.default.removeItem(at: place) }
    // The model: the states on the way here, and those that a redo would bring.
    var past = [try view()]
    var future: [Data] = []
    var log: [String] = []
    var compared = 0
    func compare(_ wanted: Data, _ step: String) throws {
      let found = try view()
      compared += 1
      if found != wanted {
        throw Difference(
          description: "\(log.joined(separator: "; ")); \(step)\n\(String(decoding: wanted, as: UTF8.self))"
            + "\nbecame\n\(String(decoding: found, as: UTF8.self))")
      }
    }
    for _ in 0..<Int.random(in: 2...10, using: &random) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where past.count > 1:
        _ = try UndoRequest(.undo).run(in: session)
        if let state = past.popLast() { future.append(state) }
        try compare(past[past.count - 1], "undo")
        log.append("undo")
      case 1 where !future.isEmpty:
        _ = try UndoRequest(.redo).run(in: session)
        if let state = future.popLast() { past.append(state) }
        try compare(past[past.count - 1], "redo")
        log.append("redo")
      case 2 where past.count > 3:
        _ = try GarbageCollectRequest(aggressive: Bool.random(using: &random)).run(in: session)
        try compare(past[past.count - 1], "gc")
        log.append("gc")
      default:
        let before = try operations()
        log.append(try verb())
        guard try operations() > before else {
          try compare(past[past.count - 1], "nothing")
          continue
        }
        past.append(try view())
        future = []
      }
    }
    for state in past.dropLast().reversed() {
      _ = try UndoRequest(.undo).run(in: session)
      try compare(state, "undo to the beginning")
    }
    try refuse(.undo)
    for state in past.dropFirst() {
      _ = try UndoRequest(.redo).run(in: session)
      try compare(state, "redo to the end")
    }
    for state in future.reversed() {
      _ = try UndoRequest(.redo).run(in: session)
      try compare(state, "redo what was undone")
    }
    try refuse(.redo)
    return compared
  }

  private func refuse(_ action: UndoRequest.Action) throws {
    do {
      _ = try UndoRequest(action).run(in: session)
    } catch let failure as Failure where failure.kind == .no { return }
    throw Difference(description: "there was something left to \(action)")
  }

  /// Tries one verb that changes something, with names that may or may not be there. Returns what it was.
  private mutating func verb() throws -> String {
    session.now += 1
    let number = Int.random(in: 1...1_000_000, using: &random)
    let name = ["a", "b", "a/x"].randomElement(using: &random) ?? "a"
    let file = "f\(number).jsonl"
    func write() throws {
      try Data("{\"instruction\":\"q\(number)\",\"output\":\"a\"}\n".utf8).write(
        to: place.appending(path: file))
    }
    do {
      switch Int.random(in: 0..<12, using: &random) {
      case 0, 1:
        try write()
        _ = try CommitRequest(change: .files([ImportRequest(source: file)]), message: file).run(in: session)
        return "commit \(file)"
      case 2:
        try write()
        _ = try AddRequest(sources: [file], provenance: ImportRequest.Provenance()).run(in: session)
        return "add \(file)"
      case 3:
        _ = try CommitRequest(change: .staged, message: "staged").run(in: session)
        return "commit what is staged"
      case 4:
        guard Bool.random(using: &random) else {
          _ = try NamesRequest(.tag, action: .delete(name)).run(in: session)
          return "tag --delete \(name)"
        }
        let message = Bool.random(using: &random) ? "Tag \(number)" : nil
        _ = try TagRequest(name, message: message).run(in: session)
        return "tag \(name), \(message ?? "light")"
      case 5:
        let action: NamesRequest.Action =
          Bool.random(using: &random) ? .create(name, at: "HEAD~1") : .delete(name)
        _ = try NamesRequest(.branch, action: action).run(in: session)
        return "branch \(action)"
      case 6:
        _ = try SwitchRequest(branch: name, create: Bool.random(using: &random)).run(in: session)
        return "switch \(name)"
      case 7:
        try recordRun(number)
        return "train"
      case 8:
        let newest = max(1, try operations())
        let action = UndoRequest.Action.restore(Int.random(in: 1...newest, using: &random))
        _ = try UndoRequest(action).run(in: session)
        return "\(action)"
      case 9:
        let branch = Bool.random(using: &random) ? name : nil
        let choice = Selection.Choice.sample(.records(Int.random(in: 1...3, using: &random)), stratify: nil)
        _ = try SelectRequest(selection: Selection(choice: choice, seed: UInt64(number)), branch: branch).run(
          in: session)
        return "select \(choice) on \(branch ?? "the current branch")"
      case 10:
        let halves = ["train", "test"].compactMap { part in Share("0.5").map { (name: part, share: $0) } }
        _ = try SplitRequest(revision: "HEAD", parts: halves, seed: UInt64(number), name: name).run(
          in: session)
        return "split \(name)"
      default:
        _ = try SwitchRequest(branch: "main", create: false).run(in: session)
        return "switch main"
      }
    } catch let failure as Failure where [.usage, .missing, .no].contains(failure.kind) {
      return "refused: \(failure)"
    }
  }

  private func recordRun(_ number: Int) throws {
    let repository = try repository()
    guard let commit = try repository.head().commit else { return }
    try record(run: number, on: repository.commit(commit), in: repository, at: session.now)
  }

  private func repository() throws -> Repository {
    try Repository(path: place.path + "/.mdata", fileSystem: POSIXFileSystem())
  }

  private func operations() throws -> Int { try repository().operations.latest()?.sequence ?? 0 }

  /// All that verbs change: references, HEAD, what is staged, the runs that count.
  private func view() throws -> Data {
    let repository = try repository()
    var lines = try repository.git().references().map { "\($0.key) \($0.value)" }.sorted()
    lines.append(String(decoding: try repository.staging.current().canonicalBytes, as: UTF8.self))
    for staged in try repository.staging.batches() { _ = try repository.staging.pairs(of: staged) }
    lines += try repository.index().runs().map { "run \($0.id)" }.sorted()
    return Data(lines.joined(separator: "\n").utf8)
  }
}

/// What a training leaves in the repository, without the training.
public func record(run number: Int, on commit: Commit, in repository: Repository, at second: Int64) throws {
  let model = Run.Model(name: "m", digest: ContentDigest(ObjectID.hash(.seed, Array("\(number)".utf8))))
  let moment = Timestamp(secondsSince1970: Int(second))
  let run = Run(
    commit: commit.id.hex, snapshot: commit.dataset.snapshot, version: "HEAD", model: model,
    config: .object([]), template: "alpaca", seed: number,
    records: Run.Records(total: 1, used: 1, seen: []), steps: 1, tokens: 1, loss: Run.Loss(first: 2, last: 1),
    metrics: model.digest, output: model, code: "torture", started: moment, ended: moment)
  let transaction = try repository.begin(
    verb: "train", description: "train", identity: GitIdentity(name: "A", email: "a@localhost"),
    time: GitTime(seconds: second))
  transaction.note(try transaction.pack.add(.run, run.canonicalBytes))
  try transaction.finish()
}
