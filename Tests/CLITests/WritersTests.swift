import Foundation
import Testing

@Suite struct WritersTests {
  /// Four processes commit at once; `./dev torture writers` lets eight do so for longer, and kills some.
  @Test func processesThatCommitAtOnceLoseNothing() async throws {
    let repository = try await TestRepository()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<5 {
            let name = "w\(writer)-\(number)"
            try repository.write(name + ".jsonl", "{\"instruction\":\"\(name)\",\"output\":\"x\"}\n")
            while true {
              let output = try await repository.run("commit", name + ".jsonl", "-m", name)
              if output.code == 0 { break }
              // Refused after five seconds of waiting, by name of the holder.
              try #require(
                output.code == 75 && output.stderr.contains("is held by process"), "\(output.text)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let log = try await repository.run("log", "--json").stdout
    for writer in 0..<4 {
      for number in 0..<5 {
        #expect(log.components(separatedBy: "\"message\":\"w\(writer)-\(number)\"").count == 2)
      }
    }
    #expect(try await repository.run("checkout", "HEAD", "-o", "-").stdout.split(separator: "\n").count == 20)
  }

  @Test func aWriterThatWasKilledBlocksNobody() async throws {
    let repository = try await TestRepository()
    try repository.write("b.jsonl", "{\"instruction\":\"b\",\"output\":\"x\"}\n")
    try repository.write("a.jsonl", "{\"instruction\":\"a\",\"output\":\"x\"}\n")
    // Called like a temporary file, and none.
    try await repository.run("commit", "b.jsonl", "-m", "b")
    try await repository.run("branch", "x.tmp1")
    // The text of a holder that is gone, a lock file with its second name, and a pack half written.
    try repository.write(".mdata/lock", "process 1, which runs `mdata commit`\n")
    let output = try await repository.shell(
      """
      cd .mdata && echo x > history.git/reference.tmp0 && ln history.git/reference.tmp0 history.git/refs/heads/main.lock
      echo x > objects/pack.tmp0
      cd .. && mdata commit a.jsonl -m a > output && find .mdata -name '*.lock' -o -name '*.tmp*' && wc -c < .mdata/lock
      """)
    #expect(output.text == ".mdata/history.git/refs/heads/x.tmp1\n0\n")
  }
}
