import Glibc
import Records
import Workbench

/// Lets a person write a row in the editor of their choice, as git does.
struct RowEditor {
  private let face: Face

  init(_ face: Face) { self.face = face }

  /// Passes on the row as it was written, begun with ours, or with theirs when we removed the record.
  ///
  /// - Throws: ``Failure`` when there is no editor, or it ended with an error; what `use` throws.
  func edit<Result>(_ conflict: ConflictDetails, _ use: (ResolveRequest.How) throws -> Result) throws
    -> Result
  {
    guard let side = conflict.ours ?? conflict.theirs, let row = try? JSON.parse(side.content.rowJSON) else {
      throw Failure(.data, "the conflict of `\(conflict.record)` has no side to begin with")
    }
    let environment = Environment.current
    let editor = environment["MDATA_EDITOR"] ?? environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
    var name = Array("/tmp/mdata-row-XXXXXX.json".utf8CString)
    let descriptor = mkstemps(&name, 5)
    guard descriptor >= 0 else { throw Failure(.io, "no temporary file can be made in /tmp") }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let code = Console.writeAll(Array(Self.indented(row).utf8), to: descriptor)
    close(descriptor)
    guard code == nil else { throw Failure(.io, "the temporary file \(path) cannot be written") }
    face.console.flush()
    guard Self.run(editor, path) else {
      throw Failure(
        .other, "the editor `\(editor)` ended with an error: nothing was decided",
        hint: "`EDITOR` names another one")
    }
    return try use(.rowFile(path))
  }

  /// Runs the editor through the shell, so that it may carry options.
  private static func run(_ editor: String, _ path: String) -> Bool {
    let words = ["sh", "-c", editor + " \"$1\"", "mdata", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status == 0
  }

  /// A row with a member a line, for people.
  private static func indented(_ row: JSONValue) -> String {
    func text(_ value: JSONValue) -> String { String(decoding: CanonicalJSON.encode(value), as: UTF8.self) }
    let members = (row.object ?? []).map { member in
      let name = text(.string(member.name))
      guard let columns = member.value.object, !columns.isEmpty else {
        return "  \(name): \(text(member.value))"
      }
      let lines = columns.map { "    \(text(.string($0.name))): \(text($0.value))" }.joined(separator: ",\n")
      return "  \(name): {\n\(lines)\n  }"
    }
    return "{\n" + members.joined(separator: ",\n") + "\n}\n"
  }
}
