import Records

/// One way in which a file goes bad.
enum RotMutation: CustomStringConvertible {
  case flip(Int, mask: UInt8)
  case truncate(Int)
  case zero(Range<Int>)
  case append
  case delete
  case duplicate
  case swap(Int)

  /// Whether single bytes of one file change, as a failing disk changes them.
  var isRot: Bool {
    switch self {
    case .flip, .truncate, .zero, .append: true
    case .delete, .duplicate, .swap: false
    }
  }

  var description: String {
    switch self {
    case .flip(let byte, let mask): "byte \(byte) xor \(mask)"
    case .truncate(let length): "cut to \(length) bytes"
    case .zero(let range): "zeroes at \(range)"
    case .append: "a byte more"
    case .delete: "deleted"
    case .duplicate: "copied beside itself"
    case .swap: "exchanged with another of its kind"
    }
  }
}

/// Mutations in an order that meets every byte, every bit and every length of every file before it repeats one. Each
/// seed begins elsewhere, so that runs side by side do not meet the same.
struct RotPlan {
  private let files: [RotFile]
  private var generator: SplitMix64
  private var counters: [String: Int] = [:]
  private var starts: [String: Int] = [:]
  private var turn = 0

  init(_ files: [RotFile], seed: UInt64) {
    self.files = files
    generator = SplitMix64(seed: seed)
  }

  mutating func next() -> (file: Int, mutation: RotMutation) {
    let kind = RotKind.allCases[turn % RotKind.allCases.count]
    turn += 1
    let candidates = files.indices.filter { files[$0].kind == kind }
    let number = candidates[count("\(kind)") % candidates.count]
    let length = files[number].bytes.count
    guard length > 0 else { return (number, .append) }
    switch Int(generator.next() % 20) {
    case 0:
      let page = min(4096, max(1, length / 3))
      let start = (count("\(number) zero") * page) % length
      return (number, .zero(start..<min(length, start + page)))
    case 1:
      switch count("\(number) file") % 4 {
      case 0: return (number, .delete)
      case 1: return (number, .duplicate)
      case 2: return (number, .append)
      default:
        let others = candidates.filter { $0 != number && files[$0].bytes != files[number].bytes }
        guard let other = others.randomElement(using: &generator) else { return (number, .delete) }
        return (number, .swap(other))
      }
    case 2...6:
      let step = start("\(number) cut", below: length) + count("\(number) cut")
      return (number, .truncate(place(step, of: length)))
    default:
      let met = count("\(number) flip")
      let step = start("\(number) flip", below: 8 * length) + met
      let mask: UInt8 =
        met >= 8 * length ? UInt8(truncatingIfNeeded: generator.next() | 1) : 1 << UInt8((step / length) % 8)
      return (number, .flip(place(step, of: length), mask: mask))
    }
  }

  private mutating func count(_ name: String) -> Int {
    defer { counters[name, default: 0] += 1 }
    return counters[name, default: 0]
  }

  /// Where a walk begins; the same for every call with the same name.
  private mutating func start(_ name: String, below bound: Int) -> Int {
    if let known = starts[name] { return known }
    let drawn = Int(generator.next() % UInt64(bound))
    starts[name] = drawn
    return drawn
  }

  /// The places of a file, each once a round, in a scattered order.
  private func place(_ step: Int, of length: Int) -> Int {
    var stride = max(1, length * 5 / 8)
    while gcd(stride, length) != 1 { stride += 1 }
    return (step % length) * stride % length
  }

  private func gcd(_ left: Int, _ right: Int) -> Int { right == 0 ? left : gcd(right, left % right) }
}
