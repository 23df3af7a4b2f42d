import Glibc

/// Whose a file is, for whoever may not touch it.
enum Ownership {
  /// What to do about a path that the system does not let this user read or write.
  static func hint(_ path: String) -> String {
    var place = path
    var found = stat()
    // A file that was to be made has no owner: its folder has.
    while lstat(place, &found) != 0 {
      let folder = Session.folder(of: place)
      if folder.utf8.count >= place.utf8.count { return "look at the permissions of `\(path)`" }
      place = folder
    }
    guard found.st_uid != geteuid() else { return "look at the permissions of `\(place)`" }
    return
      "`\(place)` belongs to another user, \(name(of: found.st_uid)): ask for the right to write it, or work in a copy"
  }

  private static func name(of user: uid_t) -> String {
    var entry = passwd()
    var result: UnsafeMutablePointer<passwd>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
      guard let text = buffer.baseAddress, getpwuid_r(user, &entry, text, buffer.count, &result) == 0,
        result != nil,
        let name = entry.pw_name
      else { return "number \(user)" }
      return "`\(String(cString: name))`"
    }
  }
}
