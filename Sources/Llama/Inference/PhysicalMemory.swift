import Glibc

/// What memory the machine has.
enum PhysicalMemory {
  /// In bytes.
  static var bytes: Int { max(sysconf(Int32(_SC_PHYS_PAGES)), 0) * max(sysconf(Int32(_SC_PAGESIZE)), 0) }
}
