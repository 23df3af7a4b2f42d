import Glibc

/// Whether something can be read under this path.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Makes a folder unless it is there. Throws `FileFailure`; the folder's parent must exist.
func makeFolder(_ path: String) throws {
  guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
  throw FileFailure(action: "create the folder", path: path)
}

/// Whether this path leads to a folder.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
