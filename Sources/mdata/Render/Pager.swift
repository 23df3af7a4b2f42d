import Glibc

/// A child process that shows long output page by page.
final class Pager {
  /// Where to write.
  let input: Int32
  private let process: pid_t

  /// Starts `command` through the shell, as git does, so that it may carry options. Nil when it cannot start.
  init?(command: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    // Quit at once when everything fits, pass colours through, leave the text on the screen.
    setenv("LESS", "FRX", 0)
    let words = ["sh", "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process = pid_t()
    let code = posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ)
    close(ends[0])
    guard code == 0 else {
      close(ends[1])
      return nil
    }
    self.process = process
    input = ends[1]
  }

  /// Ends the text and waits until the reader has left the pager.
  func wait() {
    close(input)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }
}
