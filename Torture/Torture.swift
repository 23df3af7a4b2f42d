import Foundation

/// The long runs: what the tests do a few times, done until it would show.
@main enum Torture {
  private static let usage = """
    usage: torture undo [SEQUENCES] [SEED]
           torture gc MDATA [ROUNDS] [SEED]
    """

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-torture-\(getpid())", directoryHint: .isDirectory)
    func number(_ position: Int, or standard: Int) -> Int {
      arguments.count > position ? Int(arguments[position]) ?? standard : standard
    }
    do {
      switch arguments.first {
      case "undo":
        let sequences = number(1, or: 10_000)
        var torture = UndoTorture(place: place, seed: UInt64(number(2, or: 1)))
        let compared = try torture.run(sequences: sequences)
        print("undo: \(sequences) sequences, \(compared) states compared, 0 differences")
      case "gc" where arguments.count > 1:
        let torture = CollectionTorture(
          binary: arguments[1], place: place, seed: UInt64(number(3, or: 1)))
        print("gc: \(try torture.run(rounds: number(2, or: 1_000)))")
      default:
        print(usage)
        exit(64)
      }
    } catch {
      print("failed: \(error)")
      exit(1)
    }
  }
}
