public import Objects
public import Records

/// What a repair did.
public struct RepairResult: Sendable {
  /// Each thing done, as a line for people.
  public var done: [String] = []
  /// The folder that holds what was replaced or taken away, relative to the folder that holds the repository; nil when
  /// nothing was.
  public var quarantine: String?
}

/// Performs a repair plan. Killed at any point, a new check and a new plan bring the repository to the same end: every
/// step writes what is new before it moves what is old, and moves by renaming.
public struct Repair {
  private let path: String
  private let fileSystem: any FileSystem
  private let plan: RepairPlan
  private let time: Timestamp
  private var result = RepairResult()
  private var quarantine: Quarantine

  /// A repair of the repository in a folder called `.mdata`.
  public init(_ plan: RepairPlan, path: String, fileSystem: any FileSystem, time: Timestamp) {
    self.path = path
    self.fileSystem = fileSystem
    self.plan = plan
    self.time = time
    quarantine = Quarantine(path: path, fileSystem: fileSystem)
  }

  /// Does what is planned. The caller holds the repository's lock.
  public mutating func perform() throws -> RepairResult {
    for (step, description) in zip(plan.steps, plan.descriptions) {
      if try perform(step) { result.done.append(description) }
    }
    result.quarantine = quarantine.folder.map { Repository.folderName + "/" + $0 }
    return result
  }

  /// Returns whether there was anything to do.
  private mutating func perform(_ step: RepairPlan.Step) throws -> Bool {
    switch step {
    case .makeFolder(let folder):
      try makeFolder(folder)
    case .replacePack(let number, _):
      guard let inventory = plan.inventory else { return false }
      let name = "objects/" + inventory.packs[number].name
      var copied = false
      var quarantine = quarantine
      _ = try inventory.salvage(number) { () throws(ObjectsError) in
        try quarantine.copy(name, reason: "it was damaged; a new pack has what is intact in it")
        copied = true
      }
      self.quarantine = quarantine
      if !copied {
        try self.quarantine.take(name, reason: "it was damaged; a new pack has what is intact in it")
      }
    case .quarantine(let inner, let reason):
      try quarantine.take(inner, reason: reason)
    case .write(let inner, let bytes, let reason):
      try write(inner, bytes, reason)
    case .logReferences(let reason):
      return try logReferences(reason)
    case .rebuildIndex:
      return try rebuildIndex()
    }
    return true
  }

  private func makeFolder(_ inner: String) throws {
    var folder = path
    for part in inner.split(separator: "/") {
      let parent = folder
      folder += "/" + part
      try fileSystem.createDirectory(folder)
      try fileSystem.synchronizeDirectory(parent)
    }
  }

  private mutating func write(_ inner: String, _ bytes: [UInt8], _ reason: String) throws {
    let folder = inner.lastIndex(of: "/").map { String(inner[..<$0]) } ?? ""
    if !folder.isEmpty { try makeFolder(folder) }
    if let kind = try fileSystem.status(path + "/" + inner)?.kind {
      // A file stays where it is until the new one takes its place.
      if kind == .regular {
        try quarantine.copy(inner, reason: reason)
      } else {
        try quarantine.take(inner, reason: reason)
      }
    }
    // The temporary file lies in the repository's own folder: in a folder of references it would be one.
    let file = try AtomicFile(in: path, stem: "repair", fileSystem: fileSystem)
    try bytes.withUnsafeBytes { try file.append($0) }
    try file.commit(as: inner)
    if !folder.isEmpty { try fileSystem.synchronizeDirectory(path + "/" + folder) }
  }

  /// Appends an operation with every difference between the log and the references, and the runs that no operation
  /// names any more.
  private func logReferences(_ reason: String) throws -> Bool {
    let log = OperationLog(folder: path + "/operations", fileSystem: fileSystem)
    var ledger = Ledger()
    for logged in try log.list().reversed() { ledger.add(logged.operation) }
    let git = try GitRepository(path: path + "/history.git", fileSystem: fileSystem)
    var current: [String: String] = [:]
    for (name, target) in try git.references() { current[name.full] = target.description }
    var (before, after): (Operation.References, Operation.References) = ([:], [:])
    for name in Set(current.keys).union(ledger.expected.keys) where current[name] != ledger.expected[name] {
      before[name] = ledger.expected[name]
      after[name] = current[name]
    }
    let named = Set(ledger.objects)
    let runs = plan.inventory?.ids(of: .run).filter { !named.contains($0) } ?? []
    let area = StagingArea(folder: path + "/staging", fileSystem: fileSystem)
    let staged = try area.current()
    var staging: Operation.StagingChange?
    if staged.digest != ledger.staging {
      staging = Operation.StagingChange(before: ledger.staging, after: staged.digest)
      try area.keep([], [staged])
    }
    guard !before.isEmpty || !after.isEmpty || !runs.isEmpty || staging != nil else { return false }
    let latest = try log.latest()
    _ = try log.append(
      Operation(
        parent: latest?.digest, time: time, verb: "fsck", description: "repair: \(reason)", before: before,
        after: after, objects: runs, staging: staging),
      after: latest)
    return true
  }

  private mutating func rebuildIndex() throws -> Bool {
    let file = path + "/index.sqlite"
    guard let repository = try? Repository(path: path, fileSystem: fileSystem) else { return false }
    if try fileSystem.status(file)?.kind == .regular {
      // When history itself is damaged there is nothing to compare with, and nothing to build from.
      guard
        case .damaged(let reason)? = try? Index.flaw(
          of: file, store: repository.store, git: repository.git(), operations: repository.operations)
      else { return false }
      try takeIndex(reason)
    } else {
      try takeIndex("it is not a file")
    }
    _ = try? repository.index()
    return true
  }

  private mutating func takeIndex(_ reason: String) throws {
    for suffix in ["", "-wal", "-shm", "-journal"]
    where try fileSystem.status(path + "/index.sqlite" + suffix) != nil {
      try quarantine.take("index.sqlite" + suffix, reason: reason)
    }
  }
}
