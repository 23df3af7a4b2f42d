import ArgumentParser

/// A length of time as users write it: a number with s, m, h, d or w, or 0.
struct Duration: ExpressibleByArgument {
  let seconds: Int64

  init?(argument: String) {
    if argument == "0" {
      seconds = 0
      return
    }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    guard let unit = argument.last.flatMap({ units[$0] }), argument.utf8.first != UInt8(ascii: "+"),
      let count = Int64(argument.dropLast()), count >= 0,
      case let (product, overflow) = count.multipliedReportingOverflow(by: unit), !overflow,
      product <= 100 * 365 * 86_400
    else { return nil }
    seconds = product
  }
}
