import CCurl

/// Fetches one resource over HTTP(S) through libcurl.
///
/// Certificates are verified, redirects stay on https (or on the loopback scheme they began with), a silent
/// connection is given up. Plain http uses HTTP/1.1: prior-knowledge HTTP/2 is broken in libcurl 7.88.
public struct Download: Sendable {
  /// Largest body taken, in bytes.
  public var byteLimit: Int
  /// Seconds to wait for a connection.
  public var connectTimeout: Int
  /// Seconds below one byte a second before the transfer is given up.
  public var idleTimeout: Int

  /// The limits of a transfer: by default 64 GiB, 10 s to connect, 60 s idle.
  public init(byteLimit: Int = 64 << 30, connectTimeout: Int = 10, idleTimeout: Int = 60) {
    self.byteLimit = byteLimit
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
  }

  /// Passes the body of `url` to `receive` piece by piece.
  ///
  /// A status other than 2xx delivers nothing. An error thrown by `receive` stops the transfer and is rethrown.
  /// - Throws: ``HTTPError``, or what `receive` throws.
  public func fetch(_ url: String, receive: (UnsafeRawBufferPointer) throws -> Void) throws {
    let address = try HTTPAddress(url)
    guard let handle = mdata_curl_easy_init() else {
      throw HTTPError.transfer(url: url, code: 27, reason: "libcurl is out of memory")
    }
    defer { mdata_curl_easy_cleanup(handle) }
    configure(handle, for: address)
    try withoutActuallyEscaping(receive) { receive in
      let reception = Reception(limit: byteLimit, receive: receive)
      let context = Unmanaged.passUnretained(reception).toOpaque()
      _ = mdata_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
      let code = withExtendedLifetime(reception) { mdata_curl_easy_perform(handle) }
      try finish(handle, code, reception, url)
    }
  }

  private func configure(_ handle: UnsafeMutableRawPointer, for address: HTTPAddress) {
    _ = mdata_curl_set_string(handle, CURLOPT_URL, address.url)
    _ = mdata_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, address.protocols)
    _ = mdata_curl_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, address.protocols)
    _ = mdata_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    _ = mdata_curl_set_long(handle, CURLOPT_MAXREDIRS, 5)
    _ = mdata_curl_set_long(handle, CURLOPT_FAILONERROR, 1)
    _ = mdata_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = mdata_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, connectTimeout)
    _ = mdata_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    _ = mdata_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, idleTimeout)
    _ = mdata_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(byteLimit))
    _ = mdata_curl_set_string(handle, CURLOPT_USERAGENT, "mdata")
    let version = address.protocols == "http" ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
    _ = mdata_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(version))
    _ = mdata_curl_set_write(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let reception = Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
      return reception.take(UnsafeRawBufferPointer(start: data, count: size * count))
    }
  }

  private func finish(
    _ handle: UnsafeMutableRawPointer, _ code: CURLcode, _ reception: Reception, _ url: String
  ) throws {
    if let failure = reception.failure { throw failure }
    if reception.overflowed || code == CURLE_FILESIZE_EXCEEDED {
      throw HTTPError.tooLarge(url: url, limit: byteLimit)
    }
    if code == CURLE_HTTP_RETURNED_ERROR {
      var status = 0
      _ = mdata_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
      throw HTTPError.status(url: url, code: status)
    }
    guard code == CURLE_OK else {
      throw HTTPError.transfer(
        url: url, code: Int(code.rawValue), reason: String(cString: mdata_curl_easy_strerror(code)))
    }
  }
}

/// What libcurl's write callback hands the body to.
private final class Reception {
  private let limit: Int
  private let receive: (UnsafeRawBufferPointer) throws -> Void
  private var total = 0
  private(set) var failure: (any Error)?
  private(set) var overflowed = false

  init(limit: Int, receive: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.limit = limit
    self.receive = receive
  }

  /// Returns the number of bytes taken: less than offered stops the transfer.
  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    total += bytes.count
    guard total <= limit else {
      overflowed = true
      return 0
    }
    do {
      try receive(bytes)
      return bytes.count
    } catch {
      failure = error
      return 0
    }
  }
}
