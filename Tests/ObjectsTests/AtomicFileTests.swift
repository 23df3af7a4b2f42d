import Faults
import Glibc
import Testing

@testable import Objects

@Suite struct AtomicFileTests {
  private let files = POSIXFileSystem()

  @Test func replacingShowsOldOrNewWhateverFails() throws {
    let old = Array("old".utf8)
    let new = Array("the new contents".utf8)
    for code in [EIO, ENOSPC, EMFILE] {
      for staysBroken in [false, true] {
        var failing = 1
        while true {
          let directory = TemporaryDirectory()
          let path = directory.path + "/HEAD"
          try files.replaceAtomically(path, with: old)
          let faulty = FaultyFileSystem(failing: failing, code: code, staysBroken: staysBroken)
          var failure: ObjectsError?
          do throws(ObjectsError) { try faulty.replaceAtomically(path, with: new) } catch { failure = error }
          let found = try contents(path)
          #expect(found == old || found == new)
          if failure == nil { #expect(found == new) }
          for name in try files.list(directory.path) where name != "HEAD" {
            #expect(TemporaryName.matches(name))
          }
          if faulty.count < failing { break }
          #expect(failure != nil, "call \(failing) failed and nobody said so")
          failing += 1
        }
        #expect(failing > 8)
      }
    }
  }

  @Test func leftoversAreRemovedAndFilesBeingWrittenAreNot() throws {
    let directory = TemporaryDirectory()
    overwrite(directory.path + "/pack.tmp0", [1])
    overwrite(directory.path + "/HEAD.tmp17", [2])
    overwrite(directory.path + "/HEAD", [3])
    let writing = try AtomicFile(in: directory.path, stem: "pack", fileSystem: files)
    #expect(try files.removeLeftovers(in: directory.path) == ["HEAD.tmp17", "pack.tmp0"])
    #expect(try files.list(directory.path).sorted() == ["HEAD", "pack.tmp1"])
    try writing.commit(as: "done")
    #expect(try files.list(directory.path).sorted() == ["HEAD", "done"])
  }

  @Test(arguments: [
    ("pack.tmp0", true), ("HEAD.tmp12", true), ("a.tmp", false), (".tmp1", true), ("a.tmpx", false),
    ("a.tmp1x", false),
    ("tmp1", false), ("a.pack", false),
  ])
  func temporaryNames(name: String, expected: Bool) { #expect(TemporaryName.matches(name) == expected) }

  @Test func symbolicLinksAreNotFollowed() throws {
    let directory = TemporaryDirectory()
    overwrite(directory.path + "/secret", [1])
    symlink("secret", directory.path + "/link")
    #expect(throws: ObjectsError.notAFile(path: directory.path + "/link", .symbolicLink)) {
      try files.contents(of: directory.path + "/link", limit: 10)
    }
    try files.replaceAtomically(directory.path + "/link", with: [2])
    #expect(try contents(directory.path + "/secret") == [1])
    #expect(try contents(directory.path + "/link") == [2])
  }

  @Test func longFilesAreNotRead() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/f"
    overwrite(path, [1, 2, 3])
    #expect(throws: ObjectsError.fileTooLong(path: path, bytes: 3, limit: 2)) {
      try files.contents(of: path, limit: 2)
    }
    #expect(try files.contents(of: path, limit: 3) == [1, 2, 3])
  }

  @Test func directoriesAreCreatedOnce() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/d"
    try files.createDirectory(path)
    try files.createDirectory(path)
    rmdir(path)
    overwrite(path, [])
    #expect(throws: ObjectsError.self) { try files.createDirectory(path) }
  }
}
