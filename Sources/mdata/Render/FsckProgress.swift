import Synchronization

/// The progress line of a check, which is told of from several stages.
final class FsckProgress: @unchecked Sendable {
  // Unchecked because the console is only used with the lock held, and by nobody else meanwhile.
  private let lock = Mutex<Void>(())
  private let console: Console
  private var bar: Progress?
  private var stage = ""

  init(_ console: Console) { self.console = console }

  func update(_ stage: String, _ done: Int, _ total: Int) {
    lock.withLock { _ in
      if stage != self.stage {
        self.stage = stage
        bar = Progress(console, total: total, unit: stage == "objects" ? "bytes" : stage)
      }
      guard total > 0 else { return console.progress("checking the \(stage)") }
      if stage == "versions" { return console.progress("\(done.grouped) versions") }
      bar?.update(done)
    }
  }

  func finish() { lock.withLock { _ in console.progress(nil) } }
}
