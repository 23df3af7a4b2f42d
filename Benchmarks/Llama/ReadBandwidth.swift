import Dispatch
import Glibc

/// What the machine reads at most: bytes a second of so many threads that add up words of memory no cache holds.
enum ReadBandwidth {
  static func measure(threads: Int, bytes: Int = 512 << 20, repeats: Int = 3) -> Double {
    let words = bytes / 64
    let memory = UnsafeMutablePointer<SIMD8<UInt64>>.allocate(capacity: words)
    defer { memory.deallocate() }
    memory.initialize(repeating: SIMD8(repeating: 1), count: words)
    let shared = UInt(bitPattern: memory)
    var best = Double.infinity
    for _ in 0..<repeats {
      let start = LlamaBench.seconds()
      DispatchQueue.concurrentPerform(iterations: threads) { part in
        guard let memory = UnsafePointer<SIMD8<UInt64>>(bitPattern: shared) else { return }
        let (first, end) = (words / threads * part, words / threads * (part + 1))
        var (a, b) = (SIMD8<UInt64>(), SIMD8<UInt64>())
        for place in stride(from: first, to: end - 1, by: 2) {
          a &+= memory[place]
          b &+= memory[place + 1]
        }
        // A sum that nobody looks at would not be computed.
        if (a &+ b).wrappedSum() == 12_345 { print("") }
      }
      best = min(best, LlamaBench.seconds() - start)
    }
    return Double(words * 64) / best
  }
}
