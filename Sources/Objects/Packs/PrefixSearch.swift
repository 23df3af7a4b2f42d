/// The first of `count` ascending numbers that is not below `key`, or `count`.
///
/// Id prefixes are uniform, so the position is guessed from the key and the guess is widened until it encloses the
/// answer: about nine probes in 50,000, most in two cache lines. On numbers that are not uniform it is a binary
/// search, and on numbers that do not ascend it still ends.
@inline(__always)
func lowerBound(of key: UInt64, count: Int, number: (Int) -> UInt64) -> Int {
  guard count > 0 else { return 0 }
  let guess = Int(key.multipliedFullWidth(by: UInt64(count)).high)
  // Numbers before `low` are below the key; those from `high` on are not.
  var low = 0
  var high = count
  var step = 8
  if number(guess) < key {
    low = guess + 1
    while low + step < count {
      guard number(low + step) < key else {
        high = low + step
        break
      }
      low += step + 1
      step *= 4
    }
  } else {
    high = guess
    while high - step > 0 {
      guard number(high - step) >= key else {
        low = high - step + 1
        break
      }
      high -= step
      step *= 4
    }
  }
  while low < high {
    let middle = low + (high - low) / 2
    if number(middle) < key { low = middle + 1 } else { high = middle }
  }
  return low
}
