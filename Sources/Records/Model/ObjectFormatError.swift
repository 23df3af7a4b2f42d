/// Says why bytes are not a well-formed object of their kind.
public struct ObjectFormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with a member or with the object as a whole.
  public enum Problem: Equatable, Sendable {
    /// The bytes are not JSON; the text says why and where.
    case json(String)
    /// The bytes are JSON but not spelled as RFC 8785 says, at this offset from 0.
    case notCanonical(byte: Int)
    /// A member this kind must have is absent.
    case missing
    /// A member this kind does not have is present.
    case unknown
    /// The value has another type than this one.
    case expected(String)
    /// The value has the right type but cannot be right; the text says why.
    case invalid(String)
  }

  /// The kind of object, as messages name it: an object kind, or `dataset`, `operation`, `lock`, `seed file`.
  public let kind: String
  /// The path of the member, such as `source.bytes` or `origins[3]`; empty for the object as a whole.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// A finding about the member at `path`.
  public init(kind: String, path: String = "", _ problem: Problem) {
    self.kind = kind
    self.path = path
    self.problem = problem
  }

  /// One sentence part: which member of what, and why.
  public var description: String {
    let place = path.isEmpty ? "this \(kind)" : "'\(path)' of this \(kind)"
    switch problem {
    case .json(let reason): return "\(place) is not JSON: \(reason)"
    case .notCanonical(let byte): return "\(place) is not canonical JSON (RFC 8785) at byte \(byte)"
    case .missing: return "\(place) is missing"
    case .unknown: return "\(place) is unknown to this version of mdata"
    case .expected(let type): return "\(place) must be \(type)"
    case .invalid(let reason): return "\(place) is invalid: \(reason)"
    }
  }
}
