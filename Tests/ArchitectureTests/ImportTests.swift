import Foundation
import Testing

/// The import table of docs/architecture.md. The compiler lets a transitive dependency be imported, so this
/// test is what holds the layers.
@Suite struct ImportTests {
  static let ours: [String: Set<String>] = [
    "Records": [],
    "HTTP": [],
    "Objects": ["Records", "CZstd", "CZlib", "CCrypto", "CLinux"],
    "History": ["Objects", "Records", "CGit2", "CSQLite", "GRDB", "GRDBSQLite"],
    "Curation": ["Records", "CKernels", "CUTF8Proc"],
    "Llama": ["Records", "CKernels"],
    "Generation": ["Records", "Yams"],
    "Workbench": ["Records", "Objects", "History", "Curation", "Llama", "Generation", "HTTP"],
    "mdata": ["Workbench", "Records", "ArgumentParser", "CMalloc"],
  ]
  static let extra: [String: Set<String>] = ["HTTP": ["CCurl"]]
  /// Part of the toolchain, free to use. Not Dispatch: see `Threads`.
  static let toolchain: Set<String> = ["Glibc", "Synchronization"]
  /// Foundation slows the start and hides allocations: it stays out of the layers below the use cases.
  static let mayImportFoundation: Set<String> = ["mdata", "History"]

  @Test func everyImportIsInTheTable() throws {
    for module in try SourceTree.folders(in: "Sources")
    where module.first?.isUppercase == true || module == "mdata" {
      let files = try SourceTree.swiftFiles(in: "Sources/\(module)")
      if files.isEmpty { continue }  // a C target or a system library
      let table = try #require(Self.ours[module], "Sources/\(module) is not in the import table")
      let allowed = table.union(Self.extra[module] ?? []).union(Self.toolchain)
      for (path, lines) in files {
        for (number, line) in lines.enumerated() {
          guard let imported = importedModule(line) else { continue }
          let fine =
            allowed.contains(imported)
            || imported == "Foundation" && Self.mayImportFoundation.contains(module)
          #expect(fine, "\(path):\(number + 1) imports \(imported), which \(module) may not")
        }
      }
    }
  }

  @Test func onlyTheFaceTouchesTheWorld() throws {
    let forbidden = [
      "print(", "getenv(", "ProcessInfo", "FileHandle.standard", "readLine(", "STDOUT_FILENO", "exit(",
    ]
    for module in Self.ours.keys where module != "mdata" {
      for (path, lines) in try SourceTree.swiftFiles(in: "Sources/\(module)") {
        for (number, line) in lines.enumerated()
        where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
          for word in forbidden where uses(word, in: line) {
            Issue.record(
              "\(path):\(number + 1) uses \(word): only Sources/mdata touches the terminal and the environment"
            )
          }
        }
      }
    }
  }

  @Test func outsideDataNeverTraps() throws {
    let forbidden = ["try!", "as!", "JSONSerialization", "JSONDecoder(", "JSONEncoder(", "Process()"]
    for (path, lines) in try SourceTree.swiftFiles(in: "Sources") {
      for (number, line) in lines.enumerated()
      where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        for word in forbidden where line.contains(word) {
          Issue.record("\(path):\(number + 1) uses \(word)")
        }
      }
    }
  }

  private func importedModule(_ line: String) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(of: "import"), place <= 2, words.count > place + 1 else { return nil }
    guard words[..<place].allSatisfy({ ["public", "internal", "@testable", "package"].contains($0) }) else {
      return nil
    }
    let last =
      words[place + 1] == "struct" || words[place + 1] == "func" ? words[place + 2] : words[place + 1]
    return String(last.split(separator: ".")[0])
  }

  /// A call of the free function, not a method or a longer name that ends alike.
  private func uses(_ word: String, in line: String) -> Bool {
    guard let range = line.range(of: word) else { return false }
    guard let before = line[..<range.lowerBound].last else { return true }
    return !(before.isLetter || before.isNumber || before == "." || before == "_")
  }
}
