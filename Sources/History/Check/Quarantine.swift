import Objects
import Records

/// `.mdata/quarantine/<number>/`: what a repair replaced or took away, by its path in the repository, and `NOTES.txt`
/// with a line for each: where it came from and why. Nothing reads it and nothing deletes it.
struct Quarantine {
  private let path: String
  private let fileSystem: any FileSystem
  /// The folder of this repair, by its path in the repository; nil before anything was put into it.
  private(set) var folder: String?
  private var notes: [UInt8] = []

  init(path: String, fileSystem: any FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// Moves a file or folder here.
  mutating func take(_ inner: String, reason: String) throws(ObjectsError) {
    guard try fileSystem.status(path + "/" + inner) != nil else { return }
    let place = try prepare(inner, reason)
    try fileSystem.rename(path + "/" + inner, to: place)
    try fileSystem.synchronizeDirectory(Self.folder(of: place))
    try fileSystem.synchronizeDirectory(Self.folder(of: path + "/" + inner))
  }

  /// Copies a file here, durably, before another takes its place.
  mutating func copy(_ inner: String, reason: String) throws(ObjectsError) {
    let source = try fileSystem.open(path + "/" + inner, .read)
    defer { fileSystem.close(source) }
    let length = try fileSystem.status(source).length
    let place = try prepare(inner, reason)
    let target = try AtomicFile(
      in: Self.folder(of: place), stem: "copy", permissions: 0o444, fileSystem: fileSystem)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while target.length < length {
      let count = try fileSystem.read(source, into: buffer, at: target.length)
      guard count > 0 else { break }
      try target.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    try target.commit(as: String(place.dropFirst(Self.folder(of: place).count + 1)))
  }

  /// A free place for a file, with its folders made and its note written.
  private mutating func prepare(_ inner: String, _ reason: String) throws(ObjectsError) -> String {
    let folder = try openFolder()
    var place = path + "/" + folder
    for part in inner.split(separator: "/").dropLast() {
      let parent = place
      place += "/" + part
      try fileSystem.createDirectory(place)
      try fileSystem.synchronizeDirectory(parent)
    }
    let name = inner.split(separator: "/").last.map(String.init) ?? inner
    var free = place + "/" + name
    var number = 1
    while try fileSystem.status(free) != nil {
      number += 1
      free = place + "/" + name + ".\(number)"
    }
    notes += Array(
      "\(free.dropFirst(path.utf8.count + folder.utf8.count + 2)) was .mdata/\(inner): \(reason)\n".utf8)
    try fileSystem.replaceAtomically(path + "/" + folder + "/NOTES.txt", with: notes)
    return free
  }

  private mutating func openFolder() throws(ObjectsError) -> String {
    if let folder { return folder }
    try fileSystem.createDirectory(path + "/quarantine")
    try fileSystem.synchronizeDirectory(path)
    let taken = try fileSystem.list(path + "/quarantine").compactMap { Int($0) }.max() ?? 0
    let made = "quarantine/\(taken + 1)"
    try fileSystem.createDirectory(path + "/" + made)
    try fileSystem.synchronizeDirectory(path + "/quarantine")
    folder = made
    return made
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
