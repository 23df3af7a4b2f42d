import HTTP
import Testing

@Suite struct DownloadTests {
  private func server() throws -> LoopbackServer {
    try LoopbackServer { path in
      switch path {
      case "/pairs": Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
      case "/endless": Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 65, count: 100_000)
      case "/moved": Array("HTTP/1.1 302 Found\r\nLocation: /pairs\r\nContent-Length: 0\r\n\r\n".utf8)
      case "/escape":
        Array("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n".utf8)
      case "/cut": Array("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello".utf8)
      default: Array("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone".utf8)
      }
    }
  }

  private func body(_ path: String, of server: LoopbackServer, limit: Int = 1 << 20) throws -> String {
    var bytes: [UInt8] = []
    try Download(byteLimit: limit).fetch("http://127.0.0.1:\(server.port)\(path)") { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func deliversTheBody() throws {
    let server = try server()
    #expect(try body("/pairs", of: server) == "hello")
    #expect(try body("/moved", of: server) == "hello")
  }

  @Test func aFailingStatusDeliversNothing() throws {
    let server = try server()
    let url = "http://127.0.0.1:\(server.port)/none"
    #expect(throws: HTTPError.status(url: url, code: 404)) { try body("/none", of: server) }
  }

  @Test func aBodyOverTheLimitStops() throws {
    let server = try server()
    let url = "http://127.0.0.1:\(server.port)/endless"
    #expect(throws: HTTPError.tooLarge(url: url, limit: 1000)) {
      try body("/endless", of: server, limit: 1000)
    }
  }

  @Test func aRedirectCannotLeaveTheScheme() throws {
    let server = try server()
    #expect(throws: HTTPError.self) { try body("/escape", of: server) }
  }

  @Test func aBrokenTransferIsAnError() throws {
    let server = try server()
    #expect(throws: HTTPError.self) { try body("/cut", of: server) }
  }

  @Test func theReceiversErrorComesBack() throws {
    struct Full: Error {}
    let server = try server()
    #expect(throws: Full.self) {
      try Download().fetch("http://127.0.0.1:\(server.port)/pairs") { _ in throw Full() }
    }
  }

  @Test(arguments: [
    "http://example.org/a.jsonl", "file:///etc/passwd", "ftp://127.0.0.1/a",
    "https://user:secret@example.org/a",
    "http://127.0.0.1.example.org/a", "http://128.0.0.1/a", "not a url",
  ])
  func refusesOtherAddressesWithoutConnecting(_ url: String) {
    #expect {
      try Download().fetch(url) { _ in }
    } throws: { error in
      if case HTTPError.refusedAddress = error { true } else { false }
    }
  }
}
