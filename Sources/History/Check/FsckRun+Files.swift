import Objects
import Records

extension FsckRun {
  /// The folders of a repository, by their paths in it.
  static let folders = [
    "objects", "operations", "staging", "history.git", "history.git/objects", "history.git/refs",
    "history.git/refs/heads", "history.git/refs/tags",
  ]
  /// What else lies in a repository.
  static let files = [
    "format", "lock", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.sqlite-journal",
    "quarantine", Horizon.fileName,
    // A cache of words, built from objects: it holds nothing of its own and is not compared with them.
    "search.sqlite", "search.sqlite-wal", "search.sqlite-shm", "search.sqlite-journal",
    // Indexes of what records are like, whose files are checked whenever they are read.
    Repository.similarityName,
  ]

  /// Holds the `format` file to its only spelling. False when a newer version wrote the repository: then nothing else
  /// can be judged.
  func checkFormat() -> Bool {
    let name = RepositoryFormat.fileName
    let reason: String
    if let bytes = contents(name, limit: 4096, .format) {
      if bytes == RepositoryFormat.bytes { return true }
      do {
        try RepositoryFormat.check(path, fileSystem)
        reason = "it names the format in another spelling"
      } catch HistoryError.newerFormat(_, let found) where isNewer(found) {
        damage(
          .format, name, "it names the format `\(found)`, which a newer mdata wrote",
          next: "use the newer mdata; if there never was one, restore the file from a copy")
        refusal = "the repository's format is newer than this mdata"
        return false
      } catch HistoryError.newerFormat(_, let found) {
        reason = "it names the format `\(found)`, and the operations are of version 1"
      } catch HistoryError.damaged(_, let text) {
        reason = bytes.isEmpty ? "it is empty" : text
      } catch {
        reason = "\(error)"
      }
    } else {
      reason = "it is missing"
    }
    damage(.format, name, reason)
    folderSteps.append(.write(name, RepositoryFormat.bytes, reason: reason))
    return true
  }

  /// Whether a repository may really be of a later format: the newest operation is not one that this version reads.
  private func isNewer(_ found: String) -> Bool {
    let names = operationEntries().compactMap(\.name)
    guard let name = names.max(by: { $0.sequence < $1.sequence }) else { return true }
    let log = OperationLog(folder: at("operations"), fileSystem: fileSystem)
    return (try? log.read(name)) == nil
  }

  func checkFolders() {
    for folder in Self.folders {
      switch place(folder) {
      case .something(.directory), .unknown: continue
      case .nothing: damage(.folder, folder, "it is missing")
      case .something:
        damage(.folder, folder, "it is not a folder")
        folderSteps.append(.quarantine(folder, reason: "it is not a folder"))
      }
      folderSteps.append(.makeFolder(folder))
    }
    let known = Set(Self.files + Self.folders)
    for name in names(in: "") where !known.contains(name) { stranger(name) }
    for name in names(in: "quarantine") where Int(name) == nil { stranger("quarantine/" + name) }
    checkGitConfiguration()
    checkHorizon()
  }

  /// Reads how far back operations are kept whole. A damaged file is written again once it is known what is there.
  private func checkHorizon() {
    guard let bytes = contents(Horizon.fileName, limit: 4096, .operation) else { return }
    if let found = (try? JSON.parse(bytes))?["horizon"]?.int, found >= 0, Horizon.bytes(found) == bytes {
      horizon = found
    } else {
      horizonFlaw = bytes.isEmpty ? "it is empty" : "it does not say how far back operations are kept"
      damage(.operation, Horizon.fileName, horizonFlaw ?? "")
      horizon = .max
    }
  }

  /// Plans a horizon behind which everything is there.
  func repairHorizon() {
    guard let horizonFlaw else { return }
    let whole =
      chain.last { logged in
        !ledgerCommits(of: logged.operation).allSatisfy { commits[$0]?.dataset != nil }
      }?.sequence ?? 0
    historySteps.append(.write(Horizon.fileName, Horizon.bytes(whole), reason: horizonFlaw))
  }

  private func ledgerCommits(of operation: Operation) -> [CommitID] {
    (Array(operation.before.values) + operation.after.values).compactMap { CommitID(hex: $0) }.map {
      peeled($0) ?? $0
    }
  }

  /// A file that no part of a repository is.
  func stranger(_ inner: String) {
    let isLeftover = TemporaryName.matches(inner)
    notice(
      .stranger, inner,
      isLeftover ? "a leftover of a process that ended while it wrote" : "it is not part of a repository",
      next: isLeftover ? "nothing: it does no harm" : "move it elsewhere if you need it")
  }

  /// The git repository's configuration as mdata and git write it: settings in their usual spelling, of which two must
  /// be as they are. Any other byte is a finding, so that no damage passes for an edit.
  private func checkGitConfiguration() {
    let name = "history.git/config"
    if place(name) == .nothing {
      damage(.configuration, name, "it is missing")
      historySteps.append(.write(name, GitConfiguration.bytes, reason: "it is missing"))
      return
    }
    guard let bytes = contents(name, limit: 1 << 20, .configuration) else { return }
    switch GitConfiguration.flaw(of: bytes) {
    case nil: return
    case .edited(let setting):
      notice(
        .configuration, name, "it has the setting `\(setting)`, which mdata does not make",
        next: "nothing, when somebody set it with `git config`")
    case .damaged(let reason):
      damage(.configuration, name, reason)
      historySteps.append(.write(name, GitConfiguration.bytes, reason: reason))
    }
  }
}

/// The `config` file of the inner git repository.
enum GitConfiguration {
  /// What a repair writes.
  static let bytes = Array("[core]\n\tbare = true\n\trepositoryformatversion = 0\n\tfilemode = true\n".utf8)
  private static let needed = ["core.bare=true", "core.repositoryformatversion=0"]
  /// Settings that depend on the file system a repository was made on.
  private static let usual = [
    "core.filemode=true", "core.filemode=false", "core.symlinks=false", "core.ignorecase=true",
    "core.precomposeunicode=true", "core.logallrefupdates=true", "core.logallrefupdates=false",
  ]

  enum Flaw: Equatable {
    /// A setting that is well formed and not one of ours.
    case edited(String)
    case damaged(String)
  }

  static func flaw(of bytes: [UInt8]) -> Flaw? {
    if bytes.isEmpty { return .damaged("it is empty") }
    guard let text = String(validating: bytes, as: UTF8.self), bytes.last == UInt8(ascii: "\n") else {
      return .damaged("it is not text as git writes it")
    }
    var section = ""
    var settings: [String] = []
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      if line.first == "[", line.last == "]", isName(line.dropFirst().dropLast(), orQuoted: true) {
        section = String(line.dropFirst().dropLast())
      } else if line.first == "\t", let equals = line.firstRange(of: " = "), !section.isEmpty,
        isName(line[line.index(after: line.startIndex)..<equals.lowerBound], orQuoted: false)
      {
        settings.append("\(section).\(line[..<equals.lowerBound].dropFirst())=\(line[equals.upperBound...])")
      } else {
        return .damaged("the line `\(line)` is not as git writes it")
      }
    }
    for setting in needed where !settings.contains(setting) {
      return .damaged("it does not say `\(setting)`")
    }
    for setting in settings where !needed.contains(setting) && !usual.contains(setting) {
      return .edited(setting)
    }
    return Set(settings).count == settings.count ? nil : .damaged("it says something twice")
  }

  private static func isName(_ text: Substring, orQuoted: Bool) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          true
        default: orQuoted && byte >= 0x20 && byte < 0x7f
        }
      }
  }
}
