import CCurl

/// An address we may fetch from, parsed once by libcurl's own parser so that what is checked is what is used.
///
/// Only https, and plain http to this machine's loopback addresses.
struct HTTPAddress {
  let url: String
  /// The schemes the transfer and its redirects may use, as libcurl spells them.
  let protocols: String

  /// - Throws: ``HTTPError/refusedAddress(url:reason:)``, or ``HTTPError/noLibrary(reason:)``.
  init(_ url: String) throws(HTTPError) {
    if let reason = mdata_curl_open() { throw .noLibrary(reason: String(cString: reason)) }
    guard let handle = mdata_curl_url() else {
      throw .refusedAddress(url: url, reason: "libcurl is out of memory")
    }
    defer { mdata_curl_url_cleanup(handle) }
    guard mdata_curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK else {
      throw .refusedAddress(url: url, reason: "it is not a URL")
    }
    let scheme = Self.part(handle, CURLUPART_SCHEME)
    let host = Self.part(handle, CURLUPART_HOST)
    if Self.part(handle, CURLUPART_USER) != nil || Self.part(handle, CURLUPART_PASSWORD) != nil {
      throw .refusedAddress(url: url, reason: "it carries a user name or password, which would be recorded")
    }
    switch scheme {
    case "https":
      protocols = "https"
    case "http":
      guard let host, host == "localhost" || host == "[::1]" || Self.isLoopback(host) else {
        throw .refusedAddress(url: url, reason: "plain http is allowed to this machine only; use https")
      }
      protocols = "http"
    default:
      throw .refusedAddress(url: url, reason: "only https addresses are fetched")
    }
    self.url = url
  }

  /// Four decimal numbers, the first of which is 127 (RFC 1122 section 3.2.1.3).
  private static func isLoopback(_ host: String) -> Bool {
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && !numbers.contains(nil) && numbers[0] == 127
  }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard mdata_curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { mdata_curl_free(text) }
    return String(cString: text)
  }
}
