import Glibc
import Testing

@testable import Objects

@Suite struct RepositoryLockTests {
  @Test func oneHolderAtATime() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/lock"
    let files = POSIXFileSystem()
    var waits: [Int] = []
    do {
      let lock = try RepositoryLock(path: path, holder: "process 7 (mdata import)", fileSystem: files)
      #expect(throws: ObjectsError.locked(path: path, holder: "process 7 (mdata import)")) {
        try RepositoryLock(path: path, holder: "x", fileSystem: files, waiting: 20) { waits.append($0) }
      }
      #expect(waits == [1, 2, 4, 8, 5])
      withExtendedLifetime(lock) {}
    }
    var second: RepositoryLock? = try RepositoryLock(
      path: path, holder: "second", fileSystem: files, waiting: 0)
    #expect(try contents(path) == Array("second\n".utf8))
    second = nil
    #expect(second == nil)
    #expect(try contents(path).isEmpty)
  }

  @Test func waitingEndsWhenTheHolderLeaves() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/lock"
    var first: RepositoryLock? = try RepositoryLock(
      path: path, holder: "first", fileSystem: POSIXFileSystem())
    let second = try RepositoryLock(path: path, holder: "second", fileSystem: POSIXFileSystem()) { _ in
      first = nil
    }
    #expect(first == nil)
    withExtendedLifetime(second) {}
  }

  /// A forked child has the descriptor too, until it runs its own program: here a duplicate.
  @Test func aForkedChildDoesNotKeepTheLock() throws {
    let directory = TemporaryDirectory()
    let files = POSIXFileSystem()
    let file = try files.open(directory.path + "/lock", .readWriteOrCreate)
    #expect(try files.lock(file))
    let child = dup(file.descriptor)
    files.closeUnlocked(file)
    withExtendedLifetime(try RepositoryLock(path: file.path, holder: "x", fileSystem: files, waiting: 0)) {}
    #expect(close(child) == 0)
  }

  @Test func aHostileHolderTextIsNotShown() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/lock"
    overwrite(path, Array("\u{1b}]0;evil\u{7}".utf8))
    let file = try POSIXFileSystem().open(path, .readWrite)
    #expect(try POSIXFileSystem().lock(file))
    #expect(throws: ObjectsError.locked(path: path, holder: "another process")) {
      try RepositoryLock(path: path, holder: "x", fileSystem: POSIXFileSystem(), waiting: 0)
    }
    POSIXFileSystem().close(file)
  }
}
