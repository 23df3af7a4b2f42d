import Llama
import Records

extension Probe {
  /// Prints the tokens that follow TOKENS, a JSON list a prompt, each in a line: `[[1,2],[3]] COUNT [STREAMS [ADAPTER]]`.
  static func greedy(_ arguments: [String]) throws {
    let model = try TextModel(path: arguments[0])
    let adapter = arguments.count > 4 ? try LoRAAdapter(folder: arguments[4]) : nil
    let engine = try InferenceModel(
      model.stored, adapter: adapter, adapterPath: arguments.count > 4 ? arguments[4] : "", threads: 2,
      memory: 1 << 33)
    let prompts = try JSON.parse(Array(arguments[1].utf8)).array ?? []
    let requests = prompts.map { prompt in
      TextGenerator.Request(
        prompt: (prompt.array ?? []).compactMap(\.int).map(Int32.init), sampling: .greedy,
        limit: Int(arguments[2]) ?? 1)
    }
    var answers = [[Int32]](repeating: [], count: requests.count)
    // Nothing ends an answer, so that as many tokens are compared as were asked for.
    try TextGenerator(engine, tokenizer: model.tokenizer, ends: []).run(
      requests, width: arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1
    ) { answers[$0] = $1.tokens }
    for answer in answers { print(answer) }
  }

  /// Each line of stdin is an example; each line of stdout the tokens of its prompt. `template` is `own` for the model's.
  static func prompts(_ path: String, template: String) throws {
    let source = try TextModel(path: path)
    let own = source.chatTemplate.template
    guard
      let template = template == "own"
        ? own.map(ExampleTemplate.chat) : ExampleTemplate(name: template, model: own)
    else { throw ProbeFailure("there is no template \(template)") }
    let encoder = try ExampleEncoder(
      tokenizer: source.tokenizer, template: template, endOfSequence: source.endOfSequence,
      limit: Int.max)
    while let line = readLine() {
      let value = try JSON.parse(Array(line.utf8))
      let turns = (value["turns"]?.array ?? []).compactMap { turn in
        ChatMessage.Role(rawValue: turn["role"]?.string ?? "").map {
          ChatMessage(role: $0, content: turn["content"]?.string ?? "")
        }
      }
      print(
        try encoder.prompt(
          TrainingExample(
            system: value["system"]?.string, turns: turns, instruction: value["instruction"]?.string ?? "",
            input: value["input"]?.string, output: "")))
    }
  }
}
