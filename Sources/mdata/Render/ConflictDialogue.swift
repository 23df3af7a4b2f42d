import Glibc
import Workbench

/// Goes through the open conflicts and asks about each. Every answer is durable at once.
struct ConflictDialogue {
  private let face: Face
  private let page: ConflictPage

  init(_ face: Face) {
    self.face = face
    page = ConflictPage(console: face.console)
  }

  /// - Throws: ``Failure`` of kind `usage` when nobody can be asked.
  func run() throws {
    guard isatty(STDIN_FILENO) == 1, face.console.output.isTerminal else {
      throw Failure(
        .usage, "nobody can be asked here: this is not a terminal",
        hint: "decide a record with `mdata resolve RECORD --ours`, or all with `mdata resolve --all --ours`")
    }
    var skipped: Set<String> = []
    while let conflict = try ConflictsRequest().run(in: face.session).open.first(where: {
      !skipped.contains($0.record)
    }) {
      face.console.line()
      page.show(conflict)
      do {
        switch answer() {
        case .policy(let policy): try decide(conflict, .policy(policy))
        case .edit: try RowEditor(face).edit(conflict) { try decide(conflict, $0) }
        case .skip: skipped.insert(conflict.record)
        case .quit: return page.list(try ConflictsRequest().run(in: face.session))
        }
      } catch let failure as Failure where failure.kind == .data || failure.kind == .other {
        face.console.line(face.console.styled("Not decided: ", .error) + failure.message.escaped())
      }
    }
    page.list(try ConflictsRequest().run(in: face.session))
  }

  private func decide(_ conflict: ConflictDetails, _ how: ResolveRequest.How) throws {
    _ = try ResolveRequest(.record(conflict.record), how: how).run(in: face.session)
  }

  private enum Answer {
    case policy(MergePolicy)
    case edit, skip, quit
  }

  private func answer() -> Answer {
    while true {
      face.console.flush()
      Console.writeAll(Array("[o]urs  [t]heirs  [b]oth  [e]dit  [s]kip  [q]uit? ".utf8), to: STDERR_FILENO)
      switch readLine()?.first {
      case "o": return .policy(.ours)
      case "t": return .policy(.theirs)
      case "b": return .policy(.both)
      case "e": return .edit
      case "s": return .skip
      case "q", nil: return .quit
      default: continue
      }
    }
  }
}
