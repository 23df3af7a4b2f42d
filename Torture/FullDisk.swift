import Faults
import Foundation

/// A real file system that is full: every amount of room from none to enough, for each verb.
struct FullDisk: Mode {
  let name = "full"
  let summary = "a real disk that runs full (tmpfs, as root)"

  func run(_ plan: Plan) async throws -> Verdict {
    let disk = plan.folder + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard let mount = Program.path(of: "mount"), let unmount = Program.path(of: "umount"),
      try Program.run(mount, ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], in: plan.folder).code == 0
    else {
      return Verdict(counts: "0 runs", skipped: ["a tmpfs cannot be mounted here: that needs root"])
    }
    defer { _ = try? Program.run(unmount, [disk], in: plan.folder) }
    let laboratory = try Laboratory(folder: disk + "/work")
    var (runs, refused) = (0, 0)
    var failures: [String] = []
    for verb in Verb.all where verb.name != "train" && !verb.arguments.isEmpty {
      let base = try laboratory.base(for: verb)
      let before = try Observation(laboratory.session())
      _ = try Program.run(plan.binary, verb.arguments, in: laboratory.folder, second: 10)
      let after = try Observation(laboratory.session())
      let known = before.contents.merging(after.contents) { $1 }
      for pages in stride(from: 0, through: 60, by: plan.isShort ? 9 : 1) {
        try Disk.write(base, to: laboratory.folder)
        try Self.fill(disk, leaving: pages)
        let result = try Program.run(plan.binary, verb.arguments, in: laboratory.folder, second: 10)
        unlink(disk + "/filler")
        runs += 1
        let place = "\(verb.name) with room for \(pages) pages"
        if result.code != 0 {
          refused += 1
          if result.code != 74 || !result.output.contains("No space left on device") {
            failures.append("\(place): exit \(result.code): \(result.output)")
          }
        }
        do {
          let allowed = result.code == 0 ? [after] : [before]
          if let fault = try laboratory.check(allowed: allowed, known: known) {
            failures.append("\(place): \(fault)")
          }
        } catch {
          failures.append("\(place): \(error)")
        }
      }
    }
    return Verdict(counts: "\(runs) runs, \(refused) of them refused for want of room", failures: failures)
  }

  /// Fills a disk but for a number of pages.
  private static func fill(_ disk: String, leaving pages: Int) throws {
    let file = open(disk + "/filler", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else { throw POSIXError(.EIO) }
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4096)
    var length: off_t = 0
    while true {
      let count = write(file, page, page.count)
      if count <= 0 { break }
      length += off_t(count)
    }
    _ = ftruncate(file, max(0, length - off_t(pages * 4096)))
  }
}
