import Glibc

/// Memory of this process and of the machine, as Linux tells it.
enum Memory {
  /// Bytes that this process has in memory now; nil when the system does not say.
  static var resident: Int? {
    text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      .map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  /// Bytes that a process could get without the system having to swap, and within its control group's limit.
  @Sendable static func available() -> Int? {
    let machine = text("/proc/meminfo").flatMap { value(of: "MemAvailable:", in: $0) }.map { $0 * 1024 }
    let group = "/sys/fs/cgroup/memory"
    guard let limit = text(group + ".max").flatMap({ Int(trimmed($0)) }),
      let used = text(group + ".current").flatMap({ Int(trimmed($0)) })
    else { return machine }
    let cached = text(group + ".stat").flatMap { value(of: "inactive_file", in: $0) } ?? 0
    let left = max(0, limit - used + cached)
    return machine.map { min($0, left) } ?? left
  }

  private static func value(of name: String, in table: String) -> Int? {
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == Substring(name), words.count > 1 { return Int(words[1]) }
    }
    return nil
  }

  private static func trimmed(_ text: String) -> Substring { text.split(separator: "\n").first ?? "" }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
