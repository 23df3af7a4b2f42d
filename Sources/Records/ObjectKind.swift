/// The kinds of object a store holds. The kind is part of what an object id hashes, so an object of one kind
/// can never be taken for one of another.
public enum ObjectKind: String, Sendable, CaseIterable {
  case pair, batch, origins, node, prompt, seed, run, dictionary, report, reasons

  /// The bytes hashed before the canonical bytes: `"mdata " kind " v1\0"`.
  public var preamble: [UInt8] { Array("mdata \(rawValue) v1\0".utf8) }
}
