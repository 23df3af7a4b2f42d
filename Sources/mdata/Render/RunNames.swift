import Workbench

/// How compared runs are called.
struct RunNames {
  /// A, B and so on.
  let letters: [String]
  /// The letters of those with a curve.
  let lettersWithCurve: [String]
  /// Letter and what the run is.
  let legends: [String]

  init(_ runs: [RunDetails]) {
    letters = runs.indices.map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0 % 26))) }
    lettersWithCurve = zip(letters, runs).filter { !($0.1.curve?.points.isEmpty ?? true) }.map(\.0)
    legends = zip(letters, runs).map { letter, details in
      let run = details.run.map { "\($0.short), \($0.model) on \($0.version)" }
      return "\(letter)  \(run ?? details.folder?.path ?? "")"
    }
  }
}
