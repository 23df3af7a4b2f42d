import Glibc
import Objects

extension Disk {
  /// Everything under a folder. Links to the same file become files of their own.
  public static func image(of folder: String) throws -> Image {
    var image: Image = [:]
    func visit(_ path: String, _ relative: String) throws {
      for name in try POSIXFileSystem().list(path) {
        let inner = relative.isEmpty ? name : relative + "/" + name
        if try POSIXFileSystem().status(path + "/" + name)?.kind == .directory {
          image[inner] = .some(nil)
          try visit(path + "/" + name, inner)
        } else {
          image[inner] = try POSIXFileSystem().contents(of: path + "/" + name, limit: 1 << 30)
        }
      }
    }
    try visit(folder, "")
    return image
  }

  /// Makes a folder hold an image and nothing else.
  public static func write(_ image: Image, to folder: String) throws {
    try remove(folder)
    try POSIXFileSystem().createDirectory(folder)
    for path in image.keys.sorted() {
      guard let bytes = image[path] ?? nil else {
        try POSIXFileSystem().createDirectory(folder + "/" + path)
        continue
      }
      let file = try POSIXFileSystem().open(folder + "/" + path, .create(permissions: 0o644))
      defer { POSIXFileSystem().close(file) }
      try POSIXFileSystem().writeAll(file, bytes)
    }
  }

  /// Removes a folder with everything in it, if it is there.
  public static func remove(_ folder: String) throws {
    let files = POSIXFileSystem()
    guard let status = try files.status(folder) else { return }
    guard status.kind == .directory else {
      // SQLite removes its log when the last connection is closed, and that may be now.
      if unlink(folder) == 0 || errno == ENOENT { return }
      throw ObjectsError.system(call: "remove", path: folder, code: errno)
    }
    for name in try files.list(folder) { try remove(folder + "/" + name) }
    try files.removeDirectory(folder)
  }
}
