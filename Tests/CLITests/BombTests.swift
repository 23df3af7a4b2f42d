import Foundation
import Testing

/// Inputs that are small to send and large to hold: each is refused (or read) in bounded memory and time, measured
/// on the process by GNU time.
@Suite(
  .enabled("GNU time is not installed (apt-get install time)") {
    try await TestRepository.succeeds("/usr/bin/time -q -o /dev/null -f '%M %U %S' true")
  })
struct BombTests {
  /// A bomb: a shell command that writes it, ten gigabytes of it where it matters, and what becomes of it.
  struct Bomb: Sendable, CustomTestStringConvertible {
    var name: String
    var script: String
    var options = ""
    /// A part of the message; nil for an input that is read.
    var refusal: String?

    var testDescription: String { name }
  }

  private static func endless(_ character: String) -> String {
    "head -c 10000000000 /dev/zero | tr '\\0' '\(character)'"
  }

  private static let row = #"printf '{"instruction":"a","output":"b"}\n'"#
  private static let open = #"printf '{"instruction":"a","output":"'"#

  static let bombs: [Bomb] = [
    Bomb(
      name: "a line without end", script: "\(open); \(endless("a"))", refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "a second line without end", script: "\(row); \(open); \(endless("a"))",
      refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "spaces without end", script: "\(row); \(endless(" "))", refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "empty lines without end", script: "\(row); \(endless("\\n"))",
      refusal: "white space between rows"),
    Bomb(name: "a million empty lines", script: "\(row); head -c 1000000 /dev/zero | tr '\\0' '\\n'; \(row)"),
    Bomb(
      name: "an array's row without end", script: "printf '['; \(open); \(endless("a"))",
      refusal: "longer than 16777216 bytes"),
    Bomb(name: "brackets without end", script: endless("["), refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "a million brackets",
      script:
        #"printf '{"instruction":"a","output":"b","x":'; head -c 1000000 /dev/zero | tr '\0' '['; echo"#,
      refusal: "nested deeper than 64 levels"),
    Bomb(
      name: "ten million keys",
      script:
        #"printf '{"instruction":"a","output":"b"'; seq -f ',"k%.0f":1' 1 10000000 | tr -d '\n'; echo '}'"#,
      refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "a hundred thousand keys",
      script:
        #"printf '{"instruction":"a","output":"b"'; seq -f ',"k%.0f":1' 1 100000 | tr -d '\n'; echo '}'"#,
      refusal: "an object with more than 1024 keys"),
    Bomb(
      name: "a number of fifteen million digits",
      script:
        #"printf '{"instruction":"a","output":"b","x":'; head -c 15000000 /dev/zero | tr '\0' 1; echo '}'"#,
      refusal: "too large"),
    Bomb(
      name: "an open quote", script: "printf 'instruction,output\\na,\"'; \(endless("a"))",
      options: "--format csv", refusal: "quote"),
    Bomb(
      name: "an open quote over many lines",
      script: "printf 'instruction,output\\na,\"'; yes aaaaaaaaaaaaaaaa",
      options: "--format csv", refusal: "quote"),
    Bomb(
      name: "a million columns",
      script: "printf 'instruction,output'; seq -f ',c%.0f' 1 1000000 | tr -d '\\n'; echo; echo a,b",
      options: "--format csv", refusal: "error:"),
    Bomb(
      name: "cells without end", script: "printf 'instruction,output\\n'; \(endless(","))",
      options: "--format csv", refusal: "longer than 16777216 bytes"),
    Bomb(
      name: "malformed rows without end, left out", script: "\(row); yes '{'",
      options: "--skip-invalid rejected.jsonl", refusal: "too many to leave out"),
    Bomb(
      name: "a gzip bomb",
      script:
        "(\(open); head -c 1000000 /dev/zero | tr '\\0' a) | gzip -9 > one; for i in 1 2 3 4 5 6 7 8 9 10; do cat one one one one one; done",
      refusal: "longer than 16777216 bytes"),
    Bomb(name: "a zstd bomb", script: "cat bomb.zst", refusal: "longer than 16777216 bytes"),
  ]

  /// A gigabyte in 32 KiB: blocks of one repeated byte (RFC 8878, section 3.1.1.2.2) behind the beginning of a row,
  /// with a window of 128 MiB.
  static let zstdBomb: [UInt8] = {
    let head = Array(#"{"instruction":"a","output":""#.utf8)
    func block(_ type: Int, _ size: Int, isLast: Bool = false) -> [UInt8] {
      let header = (isLast ? 1 : 0) | type << 1 | size << 3
      return [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)]
    }
    var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3]
    bytes += block(0, head.count) + head
    for number in 0..<8192 { bytes += block(1, 1 << 17, isLast: number == 8191) + [UInt8(ascii: "a")] }
    return bytes
  }()

  /// Runs a verb on a bomb. Returns its output and what GNU time says of it.
  private func run(_ bomb: Bomb, in repository: TestRepository) async throws -> (
    output: TestRepository.Output, kilobytes: Int, seconds: Double
  ) {
    let output = try await repository.shell(
      "(\(bomb.script)) 2>/dev/null | /usr/bin/time -q -o measured -f '%M %U %S' mdata commit - --name bomb -m x \(bomb.options)"
    )
    let numbers = try repository.text("measured").split(whereSeparator: \.isWhitespace).compactMap {
      Double($0)
    }
    try #require(numbers.count == 3, "\(output.text)")
    return (output, Int(numbers[0]), numbers[1] + numbers[2])
  }

  @Test(arguments: bombs) func takesLittleMemoryAndTime(bomb: Bomb) async throws {
    let repository = try await TestRepository()
    try repository.write("bomb.zst", bytes: Self.zstdBomb)
    let base = try await run(Bomb(name: "", script: Self.row), in: repository)
    let before = try repository.files()
    let (output, kilobytes, seconds) = try await run(bomb, in: repository)
    if let refusal = bomb.refusal {
      #expect(output.code == 65, "\(output.text.prefix(2000))")
      #expect(output.stderr.contains(refusal), "\(output.text.prefix(2000))")
      var after = try repository.files()
      for name in ["measured", "one"] { after[name] = before[name] }
      #expect(after == before)
    } else {
      #expect(output.code == 0, "\(output.text.prefix(2000))")
    }
    let growth = kilobytes - base.kilobytes
    #expect(growth <= 64 << 10, "\(growth) KiB more than a commit of one row")
    #if DEBUG
      let limit = 10.0
    #else
      let limit = 1.0
    #endif
    #expect(seconds <= limit, "\(seconds) s of processor time")
  }
}
