/// Why a transfer failed.
public enum HTTPError: Error, CustomStringConvertible, Equatable {
  /// The address is not one we fetch from: only https, and http to this machine.
  case refusedAddress(url: String, reason: String)
  /// The server answered with a status that is not success.
  case status(url: String, code: Int)
  /// The answer is longer than the caller allows, in bytes.
  case tooLarge(url: String, limit: Int)
  /// libcurl cannot be opened; the text is the loader's.
  case noLibrary(reason: String)
  /// The transfer broke off; the text is libcurl's.
  case transfer(url: String, code: Int, reason: String)

  public var description: String {
    switch self {
    case .refusedAddress(let url, let reason): "cannot fetch `\(url)`: \(reason)"
    case .status(let url, let code): "`\(url)` answered with status \(code)"
    case .tooLarge(let url, let limit): "`\(url)` is larger than the limit of \(limit) bytes"
    case .noLibrary(let reason): "libcurl, which fetches addresses, cannot be opened: \(reason)"
    case .transfer(let url, _, let reason): "fetching `\(url)` failed: \(reason)"
    }
  }
}
