import FuzzTargets
import Glibc

/// The parser that `MDATA_FUZZ_TARGET` names. `planted` has a bug on purpose: a fuzzer that does not find it is blind.
private let target: (longest: Int, check: @Sendable ([UInt8]) throws -> Void) = {
  let name = getenv("MDATA_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  if name == "planted" { return (64, plantedBug) }
  guard let found = FuzzTarget.all.first(where: { $0.name == name }) else {
    complain(
      "MDATA_FUZZ_TARGET must be planted or one of: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    exit(64)
  }
  return (found.longest, { _ = try found.check($0) })
}()

/// Reads one byte too many, after a magic word that no blind search guesses.
@Sendable private func plantedBug(_ input: [UInt8]) throws {
  guard input.starts(with: "mdat".utf8) else { return }
  let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: input.count)
  defer { copy.deallocate() }
  _ = copy.initialize(from: input)
  if let base = copy.baseAddress, base[input.count] == 0xA5 { complain("unlikely") }
}

private func complain(_ text: String) {
  _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
}

/// What libFuzzer calls with every input. Inputs over the target's longest are not worth their time.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count <= target.longest else { return -1 }
  do {
    try target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    complain("broken promise: \(error)")
    abort()
  }
  return 0
}
