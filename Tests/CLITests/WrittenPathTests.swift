import Foundation
import Testing

/// What is written where, as the kernel sees it: every path that any verb opens for writing, makes, moves or removes
/// lies in the repository or is the target that the user named.
@Suite(
  .enabled("strace is not installed, or may trace nothing here (apt-get install strace)") {
    try await TestRepository.succeeds("strace -f -o /dev/null true")
  })
struct WrittenPathTests {
  static let script = """
    mdata init
    mdata commit first.jsonl -m First --recipe recipe.yaml
    mdata tag v1; mdata branch side; mdata add second.csv; mdata status; mdata commit -m Second
    mdata switch side; mdata switch main; mdata log; mdata show; mdata diff v1; mdata audit
    printf '{"id":"p1","instruction":"Name one cause of fever.","output":"A virus."}\\n' > fix.jsonl
    mdata commit --update fix.jsonl --key id -m Third
    mdata checkout HEAD -o targets/out.jsonl; mdata checkout HEAD -o targets/out.csv.gz --format csv
    mdata checkout HEAD -o - > /dev/null; mdata pin v1; mdata checkout --locked -o targets/pinned.jsonl
    printf '{"instruction":"a","output":"b"}\\n{\\n' > bad.jsonl
    mdata add bad.jsonl --skip-invalid targets/rejected.jsonl
    mdata model new targets/tiny; mdata model info targets/tiny; mdata model convert targets/tiny targets/tiny.gguf
    mdata model convert targets/tiny.gguf targets/back; mdata train v1 --model targets/tiny --out targets/trained --steps 1 --batch 1
    mdata sample --model targets/trained --input first.jsonl --out targets/answers.jsonl -n 2
    mdata runs; mdata undo; mdata redo; mdata op log; mdata op restore 3; mdata undo; mdata gc; mdata gc --dry-run
    mdata query 'SELECT * FROM records'; mdata search fever; mdata branch -d side; mdata tag -d v1; mdata help commit; mdata nonsense
    """

  @Test func everyWrittenPathIsInTheRepositoryOrTheTarget() async throws {
    let repository = try await Sample.files()
    try FileManager.default.createDirectory(
      atPath: repository.path("targets"), withIntermediateDirectories: false)
    try FileManager.default.removeItem(atPath: repository.path(".mdata"))
    let output = try await repository.shell(
      """
      real=$(command -v mdata)
      mdata() { n=$((n + 1)); strace -f -qq -o trace.$n -e trace=%file -e signal=none "$real" "$@"; }
      \(Self.script)
      """)
    let traces = try FileManager.default.contentsOfDirectory(atPath: repository.folder.path).filter {
      $0.hasPrefix("trace.")
    }
    try #require(traces.count > 25, "\(output.text)")
    let home = repository.folder.path
    var written: Set<String> = []
    for trace in traces {
      for line in try repository.text(trace).split(separator: "\n") where Self.isWriting(line) {
        // The text of a symbolic link is not a path that is written.
        let paths = line.contains("symlink") ? Self.paths(line).suffix(1) : Self.paths(line)[...]
        for path in paths { written.insert(path.hasPrefix("/") ? path : home + "/" + path) }
      }
    }
    // The trace is seen to see: these were certainly written.
    #expect(
      written.contains { $0.hasSuffix("targets/out.jsonl") }
        && written.contains { $0.contains(".mdata/objects/") })
    for path in written.sorted() {
      let isAllowed = ["/.mdata", "/targets", "/mdata.lock"].contains { place in
        path == home + place || path.hasPrefix(home + place + "/") || path.hasPrefix(home + place + ".tmp")
      }
      #expect(isAllowed && !path.contains("/../"), "writes \(path)")
    }
  }

  private static func isWriting(_ line: Substring) -> Bool {
    guard !line.contains(" = -1 ") else { return false }
    if line.contains("open(") || line.contains("openat(") || line.contains("creat(") {
      return ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "creat("].contains { line.contains($0) }
    }
    let calls = [
      "rename(", "renameat(", "renameat2(", "unlink(", "unlinkat(", "mkdir(", "mkdirat(", "rmdir(", "link(",
      "linkat(",
      "symlink(", "symlinkat(", "truncate(", "chmod(", "fchmodat(", "chown(", "utimensat(", "mknod(",
      "mknodat(",
    ]
    return calls.contains { call in
      line.contains(" " + call) || line.hasPrefix(call)
    }
  }

  /// The quoted paths of a call.
  private static func paths(_ line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map {
        String($0.element)
      }
  }
}
