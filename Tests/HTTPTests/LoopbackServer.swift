import Dispatch
import Glibc

/// A server on a loopback port that answers each connection with fixed bytes: enough HTTP to test a client.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listener: Int32

  /// - Parameter answer: the bytes to send for a request path.
  init(answer: @escaping @Sendable (String) -> [UInt8]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(listener, raw, length) == 0 && getsockname(listener, raw, &length) == 0
      }
    }
    guard bound, listen(listener, 8) == 0 else { throw Failure() }
    port = UInt16(bigEndian: address.sin_port)
    DispatchQueue(label: "loopback").async {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        var request = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &request, request.count, 0)
        let words = String(decoding: request[..<max(0, count)], as: UTF8.self).split(separator: " ")
        let body = answer(words.count > 1 ? String(words[1]) : "/")
        _ = body.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  struct Failure: Error {}
}
