extension Timestamp {
  /// Whole seconds after 1970-01-01T00:00:00Z; a fraction is left out.
  ///
  /// Days are counted as for the written form, in eras of 400 years that begin in March. A day that its month does
  /// not have counts on into the next month.
  public var secondsSince1970: Int {
    let digits = text.utf8.prefix(19).map { Int($0) - Int(UInt8(ascii: "0")) }
    func number(_ places: Range<Int>) -> Int { digits[places].reduce(0) { $0 * 10 + $1 } }
    let month = number(5..<7)
    let year = number(0..<4) - (month <= 2 ? 1 : 0)
    let marchMonth = month > 2 ? month - 3 : month + 9
    // Year 0 in January is the last of the era before.
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * marchMonth + 2) / 5 + number(8..<10) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
  }
}
