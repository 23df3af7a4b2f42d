import Llama
import Objects
import Records

/// The lines of answers, in the order of the prompts however the answers come: into a file that appears whole, or out.
final class SampleAnswers {
  private let prompts: [SamplePrompt]
  private let promptTokens: [Int]
  private let file: AtomicFile?
  private let report: (SampleEvent) -> Void
  private var waiting: [Int: TextGenerator.Answer] = [:]
  private var written = 0
  /// Tokens of the answers so far.
  private(set) var tokens = 0

  /// - Throws: `ObjectsError` when the file cannot be made beside `target`.
  init(
    _ prompts: [SamplePrompt], promptTokens: [Int], target: String?, in session: Session,
    report: @escaping (SampleEvent) -> Void
  ) throws {
    self.prompts = prompts
    self.promptTokens = promptTokens
    self.report = report
    file = try target.map {
      try AtomicFile(
        in: Session.folder(of: $0), stem: Session.baseName($0), fileSystem: session.fileSystem)
    }
  }

  /// Takes an answer and writes what can be written in order.
  func take(_ number: Int, _ answer: TextGenerator.Answer) throws {
    waiting[number] = answer
    tokens += answer.tokens.count
    while let next = waiting.removeValue(forKey: written) {
      let line = line(written, next)
      if let file { try file.append(line) } else { report(.line(line)) }
      written += 1
      report(.answered(written))
    }
  }

  /// Gives the file its name.
  func finish(_ target: String?) throws {
    if let file, let target { try file.commit(as: Session.baseName(target)) }
  }

  /// The members of the prompt's line and what came of it, which takes the place of members of these names.
  private func line(_ number: Int, _ answer: TextGenerator.Answer) -> [UInt8] {
    let added = [
      JSONMember("output", .string(answer.text)), JSONMember("finish", .string(answer.finish.rawValue)),
      JSONMember("prompt_tokens", .integer(promptTokens[number])),
      JSONMember("output_tokens", .integer(answer.tokens.count)),
    ]
    let kept = prompts[number].members.filter { member in !added.contains { $0.name == member.name } }
    return CanonicalJSON.encode(.object(kept + added)) + [UInt8(ascii: "\n")]
  }
}
