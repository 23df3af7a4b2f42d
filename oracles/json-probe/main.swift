import Glibc
import Records

// Answers for oracles/json_differential.py. Standard input is a run of texts, each after its length as four
// little-endian bytes; for each of them standard output gets a length and `A` with the canonical text of its value,
// or `R` with the byte of the fault and the reason. Not part of the product.

/// Reads as much as the buffer holds; false at the end of standard input.
func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
  var filled = 0
  while filled < buffer.count {
    let count = read(0, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
    guard count > 0 else { return false }
    filled += count
  }
  return true
}

func answer(_ text: [UInt8]) -> [UInt8] {
  do {
    return [UInt8(ascii: "A")] + CanonicalJSON.encode(try JSON.parse(text))
  } catch {
    return Array("R\(error.byte) \(error.reason.message)".utf8)
  }
}

var output: [UInt8] = []
while true {
  var header: UInt32 = 0
  guard withUnsafeMutableBytes(of: &header, fill) else { break }
  var text = [UInt8](repeating: 0, count: Int(UInt32(littleEndian: header)))
  guard text.withUnsafeMutableBytes(fill) else { break }
  let reply = answer(text)
  withUnsafeBytes(of: UInt32(reply.count).littleEndian) { output += $0 }
  output += reply
}
var written = 0
while written < output.count {
  let count = output.withUnsafeBytes {
    write(1, $0.baseAddress?.advanced(by: written), output.count - written)
  }
  guard count > 0 else { exit(1) }
  written += count
}
