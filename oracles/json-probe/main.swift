import Glibc
import Records

// Answers for oracles/json_differential.py. Standard input is a run of texts, each after its length as four
// little-endian bytes; for each of them standard output gets a length and `A` with the canonical text of its value,
// or `R` with the byte of the fault and the reason. Not part of the product.

func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
  fread(buffer.baseAddress, 1, buffer.count, stdin) == buffer.count
}

func answer(_ text: [UInt8]) -> [UInt8] {
  do {
    return [UInt8(ascii: "A")] + CanonicalJSON.encode(try JSON.parse(text))
  } catch {
    return Array("R\(error.byte) \(error.reason.message)".utf8)
  }
}

while true {
  var header: UInt32 = 0
  guard withUnsafeMutableBytes(of: &header, fill) else { break }
  let count = Int(UInt32(littleEndian: header))
  var text = [UInt8](repeating: 0, count: count)
  guard text.withUnsafeMutableBytes({ $0.isEmpty || fill($0) }) else { break }
  let reply = answer(text)
  var length = UInt32(reply.count).littleEndian
  fwrite(&length, 4, 1, stdout)
  fwrite(reply, 1, reply.count, stdout)
}
fflush(stdout)
