import Foundation

/// The long runs: faults of every kind, until something gives.
@main struct Torture {
  static func main() async {
    var names: [String] = []
    var isShort = false
    var seed: UInt64 = 1
    var count: Int?
    var arguments = CommandLine.arguments.dropFirst()
    // Programs are started in folders of their own.
    let binary = URL(fileURLWithPath: arguments.popFirst() ?? "").path
    while let argument = arguments.popFirst() {
      switch argument {
      case "--short": isShort = true
      case "--count": count = arguments.popFirst().flatMap { Int($0) } ?? count
      case "--seed": seed = arguments.popFirst().flatMap { UInt64($0) } ?? seed
      default: names.append(argument)
      }
    }
    for name in names where !modes.contains(where: { $0.name == name }) {
      complain(
        "error: there is no mode `\(name)`\n"
          + modes.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
      exit(64)
    }
    guard FileManager.default.isExecutableFile(atPath: binary) else {
      complain(
        "error: \(binary) is not a program\nusage: torture MDATA [MODE ...] [--short] [--count N] [--seed N]")
      exit(64)
    }
    // In memory where the system has such: nothing here needs a real disk to find out what a disk may do.
    let parent = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let folder = parent + "/mdata-torture-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var failed = false
    for mode in modes where names.isEmpty || names.contains(mode.name) {
      let begun = Date()
      try? FileManager.default.removeItem(atPath: folder)
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let verdict = try await mode.run(
          Plan(isShort: isShort, count: count, seed: seed, binary: binary, folder: folder))
        let seconds = Int(Date().timeIntervalSince(begun).rounded())
        print(
          "\(mode.name): \(verdict.counts), \(verdict.failures.count) failures, seed \(seed), \(seconds) s")
        for skipped in verdict.skipped { print("  not done: \(skipped)") }
        for failure in verdict.failures.prefix(20) { print("  \(failure)") }
        if !verdict.failures.isEmpty { failed = true }
      } catch {
        print("\(mode.name): stopped by \(error)")
        failed = true
      }
    }
    try? FileManager.default.removeItem(atPath: folder)
    exit(failed ? 1 : 0)
  }

  /// Prints a line at once: a long run is followed while it lasts.
  private static func print(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
