import Objects
import Records

extension PairFields {
  /// A key that is equal for pairs with the same task: the id of the pair without its answer.
  ///
  /// - Parameter bytes: a pair's canonical bytes.
  static func task(_ bytes: UnsafeRawBufferPointer, _ hasher: SHA256) throws(ObjectFormatError) -> ObjectID {
    let output = try PairFields(canonical: bytes).output
    var task: [UInt8] = []
    task.reserveCapacity(bytes.count - output.count)
    task += bytes[..<output.lowerBound]
    task += bytes[output.upperBound...]
    return task.withUnsafeBytes { ObjectID.hash(.pair, $0, with: hasher) }
  }
}
