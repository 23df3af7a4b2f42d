/// What can be wrong with a row of CSV.
enum CSVFault: Equatable {
  /// A cell opens a quote that nothing closes.
  case unclosedQuote
  /// Text stands behind a closing quote.
  case textAfterQuote
  /// The row has another number of cells than the header.
  case cellCount(expected: Int, found: Int)
  /// The header has this name twice.
  case repeatedName(String)

  /// The fault in words a person can act on.
  var message: String {
    switch self {
    case .unclosedQuote: "a quoted cell begins here and is never closed"
    case .textAfterQuote:
      "text follows a closing quote; a quote inside a quoted cell must be doubled"
    case .cellCount(let expected, let found):
      "the row has \(found) \(found == 1 ? "cell" : "cells") where the header has \(expected)"
    case .repeatedName(let name): "the header names the column \"\(name)\" twice; rename one of them"
    }
  }
}
