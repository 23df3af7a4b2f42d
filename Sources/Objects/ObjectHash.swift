public import Records

extension ObjectID {
  /// The id of an object: SHA-256 over its kind's preamble and its canonical bytes.
  public static func hash(_ kind: ObjectKind, _ bytes: [UInt8]) -> ObjectID {
    bytes.withUnsafeBytes { hash(kind, $0, with: SHA256()) }
  }

  /// The id of an object, with a hasher that the caller reuses for many.
  public static func hash(_ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer, with hasher: SHA256)
    -> ObjectID
  {
    hasher.begin()
    preambles[Int(kind.code)].withUnsafeBytes { hasher.update($0) }
    hasher.update(bytes)
    return hasher.finish()
  }
}

/// Each kind's preamble at its code: building it for every object would cost as much as hashing a short pair.
private let preambles: [[UInt8]] = {
  var preambles = Array(repeating: [UInt8](), count: 16)
  for kind in ObjectKind.allCases { preambles[Int(kind.code)] = kind.preamble }
  return preambles
}()

extension ObjectKind {
  /// The kind's number in pack entries, 1 to 15. Part of the format: never renumbered.
  var code: UInt8 {
    switch self {
    case .pair: 1
    case .batch: 2
    case .origins: 3
    case .node: 4
    case .prompt: 5
    case .seed: 6
    case .run: 7
    case .dictionary: 8
    case .report: 9
    case .reasons: 10
    }
  }

  /// The kind with a number, or nil.
  init?(code: UInt8) {
    switch code {
    case 1: self = .pair
    case 2: self = .batch
    case 3: self = .origins
    case 4: self = .node
    case 5: self = .prompt
    case 6: self = .seed
    case 7: self = .run
    case 8: self = .dictionary
    case 9: self = .report
    case 10: self = .reasons
    default: return nil
    }
  }
}
