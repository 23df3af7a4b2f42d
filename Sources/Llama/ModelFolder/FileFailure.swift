import Glibc

/// A file of a model folder that could not be read or written.
public struct FileFailure: Error, Equatable, CustomStringConvertible {
  /// What was being done: "open", "read", "write", …
  public var action: String
  /// The path as given by the caller.
  public var path: String
  /// Why: the system's message or a sentence of ours.
  public var reason: String

  /// A failure with its own reason.
  public init(action: String, path: String, reason: String) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// A failure of a system call; reads `errno`, so it must be made right after the call.
  init(action: String, path: String) {
    self.init(action: action, path: path, reason: String(cString: strerror(errno)))
  }

  /// One sentence.
  public var description: String { "cannot \(action) \(path): \(reason)" }
}
