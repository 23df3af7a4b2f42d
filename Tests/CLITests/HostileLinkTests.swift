import Foundation
import Glibc
import Testing

/// A repository from somebody else, in which something is a link to the outside, a pipe, or a folder in a file's
/// place: it is refused by name, nothing outside is read or changed, and nothing waits for ever.
@Suite struct HostileLinkTests {
  enum Trap: String, CaseIterable, Sendable { case link, pipe, folder, dangling }

  /// What is replaced, relative to the working folder. `PACK`, `OPERATION` and `REF` stand for the first of their kind.
  static let places = [
    ".mdata", ".mdata/format", ".mdata/lock", ".mdata/objects", ".mdata/objects/PACK", ".mdata/operations",
    ".mdata/operations/00000000", ".mdata/operations/OPERATION", ".mdata/staging",
    ".mdata/staging/state.json", ".mdata/index.sqlite",
    ".mdata/index.sqlite-wal", ".mdata/index.sqlite-shm", ".mdata/index.sqlite-journal", ".mdata/quarantine",
    ".mdata/history.git", ".mdata/history.git/HEAD", ".mdata/history.git/config", ".mdata/history.git/refs",
    ".mdata/history.git/refs/heads", ".mdata/history.git/refs/heads/main", ".mdata/history.git/refs/tags",
    ".mdata/history.git/packed-refs", ".mdata/history.git/objects", ".mdata/history.git/objects/pack",
    ".mdata/history.git/logs", "mdata.lock",
  ]

  /// Each place with two of the four traps in the normal tests, and with all of them with `MDATA_TORTURE`.
  static let cases: [(String, Trap)] = places.enumerated().flatMap { number, place in
    let isLong = ProcessInfo.processInfo.environment["MDATA_TORTURE"] != nil
    let traps: [Trap] = isLong ? Trap.allCases : [.link, [.pipe, .folder, .dangling][number % 3]]
    return traps.map { (place, $0) }
  }

  @Test func aTrapIsRefusedAndLeadsNowhere() async throws {
    let model = try await TestRepository()
    try model.write("row.jsonl", "{\"instruction\":\"a\",\"output\":\"b\",\"id\":1}\n")
    try model.write("more.jsonl", "{\"instruction\":\"c\",\"output\":\"d\",\"id\":2}\n")
    for command in [
      ["commit", "row.jsonl", "-m", "x"], ["tag", "v1"], ["pin", "v1"], ["add", "more.jsonl"], ["status"],
    ] {
      let output = try await model.run(command)
      #expect(output.code == 0, "\(output.text)")
    }
    for (place, trap) in Self.cases {
      let outside = try await TestRepository(initialised: false)
      try outside.write("folder/canary", "untouched")
      try outside.write("file", "untouched")
      let repository = try TestRepository(copying: model)
      let path = try Self.resolve(place, in: repository)
      let wasFolder = Self.isFolder(path)
      let files = FileManager.default
      try? files.removeItem(atPath: path)
      switch trap {
      case .link:
        try files.createSymbolicLink(
          atPath: path, withDestinationPath: outside.path(wasFolder ? "folder" : "file"))
      case .dangling: try files.createSymbolicLink(atPath: path, withDestinationPath: outside.path("made"))
      case .pipe: #expect(mkfifo(path, 0o644) == 0)
      case .folder:
        if wasFolder {
          try Data().write(to: URL(filePath: path))
        } else {
          try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
      }
      let before = try outside.files()
      // Once for reading and once for writing; `timeout` ends what waits, with 124.
      let output = try await repository.shell(
        """
        for verb in 'status' 'checkout --locked -o out.jsonl' 'commit -m y'; do
          timeout 20 mdata $verb </dev/null >>said 2>&1; echo $?
        done
        """)
      let codes = output.stdout.split(separator: "\n").compactMap { Int($0) }
      let said = try repository.text("said")
      #expect(codes.count == 3, "\(output.text)")
      #expect(
        codes.allSatisfy { [0, 1, 2, 64, 65, 66, 74, 75, 77, 78].contains($0) },
        "\(place) as \(trap): \(codes)\n\(said)")
      #expect(!said.contains("defect of mdata"), "\(place) as \(trap): \(said)")
      #expect(try outside.files() == before, "\(place) as \(trap) leads outside")
      // A link anywhere in the repository is refused by every verb; what is beside it, by those that need it.
      if trap == .link || trap == .dangling, place.hasPrefix(".mdata/"), !place.contains("PACK") {
        let isReadLazily = ["OPERATION", "00000000", "state.json"].contains { place.contains($0) }
        #expect(codes.contains(65), "\(place) as \(trap): \(codes)\n\(said)")
        if !isReadLazily { #expect(codes == [65, 65, 65], "\(place) as \(trap): \(said)") }
        #expect(said.contains("symbolic link"), "\(place) as \(trap): \(said)")
      }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func resolve(_ place: String, in repository: TestRepository) throws -> String {
    func first(_ folder: String, _ suffix: String) throws -> String {
      try #require(
        try FileManager.default.contentsOfDirectory(atPath: repository.path(folder)).sorted().last {
          $0.hasSuffix(suffix)
        })
    }
    if place.hasSuffix("PACK") {
      return repository.path(".mdata/objects/" + (try first(".mdata/objects", ".pack")))
    }
    if place.hasSuffix("OPERATION") {
      let group = ".mdata/operations/" + (try first(".mdata/operations", ""))
      return repository.path(group + "/" + (try first(group, ".json")))
    }
    return repository.path(place)
  }

  /// A checkout replaces a link, as git does, and never writes through it; what is no file is not replaced.
  @Test func targetsThatAreLinksOrDevices() async throws {
    let repository = try await Sample.versions()
    try repository.write("precious", "untouched")
    try FileManager.default.createSymbolicLink(
      atPath: repository.path("link"), withDestinationPath: repository.path("precious"))
    #expect(try await repository.run("checkout", "v1", "-o", "link", "-q").code == 0)
    #expect(try repository.text("precious") == "untouched")
    #expect(
      try FileManager.default.attributesOfItem(atPath: repository.path("link"))[.type] as? FileAttributeType
        == .typeRegular)
    #expect(mkfifo(repository.path("pipe"), 0o644) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: repository.path("device"), withDestinationPath: "/dev/null")
    // Links stand for the devices themselves: a test that fails shall not take /dev/null away from its machine.
    for target in ["pipe", "device"] {
      let output = try await repository.run("checkout", "v1", "-o", target)
      #expect(output.code == 64, "\(target): \(output.text)")
      #expect(output.stderr.contains("is a pipe, a device or leads to one"), "\(target): \(output.text)")
    }
    try repository.write("row.jsonl", "{\"instruction\":\"a\",\"output\":\"b\"}\n{\n")
    let rejected = try await repository.run("add", "row.jsonl", "--skip-invalid", "device")
    #expect(rejected.code == 64, "\(rejected.text)")
    for target in ["pipe", "device"] {
      var status = stat()
      #expect(
        lstat(repository.path(target), &status) == 0 && status.st_mode & S_IFMT != S_IFREG,
        "\(target) is a file")
    }
  }

  /// Git's own ways of reaching elsewhere.
  @Test func gitFilesThatBorrowOrInclude() async throws {
    for (file, text) in [
      (".mdata/history.git/objects/info/alternates", "/elsewhere/objects\n"),
      (".mdata/history.git/config", "[core]\n\tbare = true\n[Include]\n\tpath = /dev/stdin\n"),
      (
        ".mdata/history.git/config", "[core]\n\tbare = true\n [includeIf \"gitdir:/\"]\n\tpath = /dev/stdin\n"
      ),
    ] {
      let repository = try await Sample.versions()
      try repository.write(file, text)
      let output = try await repository.run("log")
      #expect(
        output.code == 65 && output.stderr.contains(file.split(separator: "/").last ?? ""), "\(output.text)")
    }
  }
}
