import Records
import Workbench

/// What would be trained, as text.
struct TrainPlanLines {
  private let plan: TrainPlan

  init(_ plan: TrainPlan) { self.plan = plan }

  func print(on console: Console) {
    func line(_ name: String, _ value: String) { console.line("\(name.padded(to: 16)) \(value)") }
    line("version", "\(console.styled(plan.commit, .identifier))  \(plan.records.of("record"))")
    if plan.heldOut > 0 { line("held out", plan.heldOut.of("record")) }
    line("template", plan.template)
    line("parameters", "\(plan.parameters.grouped), \(plan.trained.grouped) trained")
    line(
      "steps",
      plan.stepsDone > 0 ? "\(plan.steps.grouped), \(plan.stepsDone.grouped) done" : plan.steps.grouped)
    line("micro-batch", "\(plan.tokens.grouped) tokens at most")
    console.line("memory")
    let memory = plan.memory
    let parts = [
      ("weights", memory.weights), ("gradients", memory.gradients), ("moments", memory.moments),
      ("activations", memory.activations), ("workspace", memory.workspace), ("records", memory.data),
      ("in all", memory.total),
    ]
    for (name, bytes) in parts { line("  \(name)", Self.mebibytes(bytes)) }
    if let available = memory.available { line("  to be had", Self.mebibytes(available)) }
    for note in notes { console.line("note: \(note)") }
    if let available = memory.available, memory.total > available {
      console.line("note: this is refused: it does not fit into the memory that is to be had")
    }
  }

  /// What its user should know before it begins.
  var notes: [String] {
    var notes: [String] = []
    if plan.ignoresChatTemplate {
      notes.append(
        "the model's own chat template is none that mdata knows; examples are written as `\(plan.template)`")
    }
    if plan.seenHeldOut > 0 {
      notes.append(
        "\(plan.seenHeldOut.grouped) of the \(plan.heldOut.of("held-out record")) are trained on too")
    }
    if plan.changesInstructions {
      notes.append(
        "the steps done were computed with other instructions than this processor's, which round otherwise")
    }
    return notes
  }

  private static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 19) >> 20) MiB" }
}

/// What would be trained, in JSON.
enum TrainPlanDocument {
  static func document(_ plan: TrainPlan) -> JSONValue {
    let memory = plan.memory
    var bytes = [
      JSONMember("weights", .int(memory.weights)), JSONMember("gradients", .int(memory.gradients)),
      JSONMember("moments", .int(memory.moments)), JSONMember("activations", .int(memory.activations)),
      JSONMember("workspace", .int(memory.workspace)), JSONMember("records", .int(memory.data)),
      JSONMember("total", .int(memory.total)),
    ]
    if let available = memory.available { bytes.append(JSONMember("available", .int(available))) }
    return .document(
      "train-plan",
      [
        JSONMember("commit", .string(plan.commit)), JSONMember("records", .int(plan.records)),
        JSONMember("held_out", .int(plan.heldOut)), JSONMember("held_out_seen", .int(plan.seenHeldOut)),
        JSONMember("template", .string(plan.template)), JSONMember("parameters", .int(plan.parameters)),
        JSONMember("trained", .int(plan.trained)), JSONMember("steps", .int(plan.steps)),
        JSONMember("steps_done", .int(plan.stepsDone)), JSONMember("tokens", .int(plan.tokens)),
        JSONMember("memory", .object(bytes)),
      ])
  }
}
