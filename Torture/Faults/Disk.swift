/// A disk as POSIX promises it and no better: bytes survive a power cut when their file was synchronized, and names
/// when their directory was. Of the rest any part may survive.
public struct Disk {
  /// Whole files and directories by relative path; nil is a directory.
  public typealias Image = [String: [UInt8]?]

  private enum NameChange {
    case set(String, Int)
    case remove(String)
    case rename(String, to: String, Int)
  }

  private enum DataChange {
    case write(offset: Int, [UInt8])
    case truncate(Int)
  }

  private struct File {
    var durable: [UInt8]
    var pending: [DataChange] = []
  }

  private struct Directory {
    var durable: [String: Int]
    var pending: [NameChange] = []
    var now: [String: Int]
  }

  private var files: [Int: File] = [:]
  private var directories: [Int: Directory] = [:]
  private var handles: [Int: Int] = [:]
  private var next = 1

  /// A disk on which everything in an image is durable.
  public init(_ image: Image) {
    directories[0] = Directory(durable: [:], now: [:])
    for path in image.keys.sorted() where !path.isEmpty {
      let (parent, name) = place(path)
      guard let parent else { continue }
      let number = make(image[path] ?? nil)
      directories[parent]?.now[name] = number
      directories[parent]?.durable[name] = number
    }
  }

  private mutating func make(_ bytes: [UInt8]?) -> Int {
    defer { next += 1 }
    if let bytes {
      files[next] = File(durable: bytes)
    } else {
      directories[next] = Directory(durable: [:], now: [:])
    }
    return next
  }

  private func number(_ path: String) -> Int? {
    var found = 0
    for part in path.split(separator: "/") where part != "." {
      guard let next = directories[found]?.now[String(part)] else { return nil }
      found = next
    }
    return found
  }

  private func place(_ path: String) -> (parent: Int?, name: String) {
    let parts = path.split(separator: "/")
    return (number(parts.dropLast().joined(separator: "/")), String(parts.last ?? ""))
  }

  private mutating func change(_ parent: Int?, _ change: NameChange) {
    guard let parent, var directory = directories[parent] else { return }
    Self.apply(change, to: &directory.now)
    directory.pending.append(change)
    directories[parent] = directory
  }

  private static func apply(_ change: NameChange, to names: inout [String: Int]) {
    switch change {
    case .set(let name, let number): names[name] = number
    case .remove(let name): names[name] = nil
    case .rename(let old, let new, let number):
      if names[old] == number { names[old] = nil }
      names[new] = number
    }
  }

  private static func apply(_ change: DataChange, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let new):
      if bytes.count < offset + new.count {
        bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
      }
      bytes.replaceSubrange(offset..<offset + new.count, with: new)
    case .truncate(let length):
      if bytes.count > length { bytes.removeLast(bytes.count - length) }
      bytes += [UInt8](repeating: 0, count: length - bytes.count)
    }
  }

  /// Makes one change.
  public mutating func apply(_ event: DiskEvent) {
    switch event {
    case .open(let handle, let path, let creates):
      if creates {
        let (parent, name) = place(path)
        let number = make([])
        change(parent, .set(name, number))
      }
      handles[handle] = number(path)
    case .write(let handle, let offset, let bytes):
      if let file = handles[handle] { files[file]?.pending.append(.write(offset: offset, bytes)) }
    case .truncate(let handle, let length):
      if let file = handles[handle] { files[file]?.pending.append(.truncate(length)) }
    case .synchronize(let handle):
      guard let file = handles[handle], var content = files[file] else { return }
      for change in content.pending { Self.apply(change, to: &content.durable) }
      content.pending = []
      files[file] = content
    case .synchronizeDirectory(let path):
      guard let number = number(path), var directory = directories[number] else { return }
      directory.durable = directory.now
      directory.pending = []
      directories[number] = directory
    case .rename(let old, let new):
      guard let file = number(old) else { return }
      let (from, to) = (place(old), place(new))
      if from.parent == to.parent {
        change(from.parent, .rename(from.name, to: to.name, file))
      } else {
        change(to.parent, .set(to.name, file))
        change(from.parent, .remove(from.name))
      }
    case .link(let path, let name):
      guard let file = number(path) else { return }
      let target = place(name)
      change(target.parent, .set(target.name, file))
    case .remove(let path), .removeDirectory(let path):
      let (parent, name) = place(path)
      change(parent, .remove(name))
    case .createDirectory(let path):
      let (parent, name) = place(path)
      change(parent, .set(name, make(nil)))
    }
  }

  /// What survives of the rest.
  public enum Luck: Int, CaseIterable, Sendable {
    /// Only what was synchronized.
    case nothing
    /// All of it, as when only the process is killed.
    case everything
    /// Names without their bytes, which is what a journal of names alone gives.
    case names
    /// Bytes without their names.
    case bytes
    /// Each change or not, each write whole, torn or as zeroes.
    case chance
  }

  /// The disk after a power cut now.
  public func afterPowerCut(_ luck: Luck, using generator: inout some RandomNumberGenerator) -> Image {
    var image: Image = [:]
    var contents: [Int: [UInt8]] = [:]
    func visit(_ number: Int, _ path: String) {
      if let directory = directories[number] {
        if !path.isEmpty { image[path] = .some(nil) }
        for (name, inner) in survivors(directory, luck, &generator).sorted(by: { $0.key < $1.key }) {
          visit(inner, path.isEmpty ? name : path + "/" + name)
        }
      } else if let file = files[number] {
        let bytes = contents[number] ?? survivors(file, luck, &generator)
        contents[number] = bytes
        image[path] = bytes
      }
    }
    visit(0, "")
    return image
  }

  private func survivors(
    _ directory: Directory, _ luck: Luck, _ generator: inout some RandomNumberGenerator
  ) -> [String: Int] {
    switch luck {
    case .nothing, .bytes: return directory.durable
    case .everything, .names: return directory.now
    case .chance:
      var names = directory.durable
      for change in directory.pending where Bool.random(using: &generator) { Self.apply(change, to: &names) }
      return names
    }
  }

  private func survivors(_ file: File, _ luck: Luck, _ generator: inout some RandomNumberGenerator) -> [UInt8]
  {
    var bytes = file.durable
    for change in file.pending {
      switch luck {
      case .nothing, .names: continue
      case .everything, .bytes: Self.apply(change, to: &bytes)
      case .chance: Self.apply(torn(change, &generator), to: &bytes)
      }
    }
    return bytes
  }

  private func torn(_ change: DataChange, _ generator: inout some RandomNumberGenerator) -> DataChange {
    guard case .write(let offset, let bytes) = change, !bytes.isEmpty else { return change }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return change
    case 1: return .write(offset: offset, [])
    case 2:
      return .write(offset: offset, Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator))))
    default: return .write(offset: offset, [UInt8](repeating: 0, count: bytes.count))
    }
  }
}
