import Glibc
import Records
import Testing

@testable import Objects

@Suite struct LooseObjectTests {
  /// Ids that git prints for the same content (`git hash-object`).
  @Test(arguments: [
    (LooseObject.Kind.blob, "hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
    (.blob, "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
    (.tree, "", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
  ])
  func idsAreGits(kind: LooseObject.Kind, text: String, id: String) throws {
    #expect(Hex.encode(try LooseObject(kind, Array(text.utf8)).id) == id)
  }

  @Test func theFileDecompressesToHeaderAndContent() throws {
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let object = try LooseObject(.blob, content)
    #expect(object.fileBytes.count < content.count)
    #expect(object.fileBytes.starts(with: [0x78]))
  }

  @Test func aDamagedFileOfTheNameIsReplaced() throws {
    let directory = TemporaryDirectory()
    let object = try LooseObject(.blob, Array("hello\n".utf8))
    let loose = LooseObjectDirectory(directory.path, fileSystem: POSIXFileSystem())
    try loose.write([object])
    let path = directory.path + "/ce/013625030ba8dba906f756967f9e9ca394464a"
    #expect(try contents(path) == object.fileBytes)
    overwrite(path, [1])
    try loose.write([object])
    #expect(try contents(path) == object.fileBytes)
    unlink(path)
    rmdir(directory.path + "/ce")
  }
}
