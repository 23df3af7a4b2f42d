import Testing

/// `mdata sample` from the outside: what it prints, what it writes, what it refuses.
@Suite struct SamplingTests {
  @Test func answers() async throws {
    let repository = try await Sample.model()
    try repository.write(
      "prompts.jsonl",
      #"{"instruction":"Why?","input":"A cough","id":7}"# + "\n"
        + #"{"prompt":"How?","system":"Be brief.","output":"an older answer"}"# + "\n")
    try await repository.check(
      #"""
      $ mdata sample --model tiny -p "Once" --raw --greedy -n 6
      $ mdata sample --model tiny -p "Why?" -n 5 --seed 4 --json
      $ mdata sample --model tiny --input prompts.jsonl --greedy -n 4
      $ mdata sample --model tiny --input prompts.jsonl --out answers.jsonl -n 4 --temperature 3
      $ mdata sample --model tiny --input prompts.jsonl --out again.jsonl -n 4 --temperature 3 --batch 1 --json
      """#)
    #expect(try repository.bytes("answers.jsonl") == repository.bytes("again.jsonl"))
    let lines = try repository.text("answers.jsonl").split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("\"id\":7") && !lines[1].contains("older"))
  }

  /// The same from both formats, from standard input, on any number of threads.
  @Test func wherePromptsComeFrom() async throws {
    let repository = try await Sample.model()
    try await repository.run("model", "convert", "tiny", "tiny.gguf")
    let options = "--temperature 5 -n 12 --seed 3"
    let one = try await repository.shell("mdata sample --model tiny -p 'A vein' \(options) --threads 1")
    #expect(one.code == 0 && one.stdout.utf8.count > 12)
    for command in [
      "mdata sample --model tiny -p 'A vein' \(options) --threads 2",
      "printf 'A vein' | mdata sample --model tiny -p - \(options)",
      "mdata sample --model tiny -p 'A vein' --template alpaca \(options)",
    ] { #expect(try await repository.shell(command).stdout == one.stdout, "\(command)") }
    let greedy = "-p 'A vein' --greedy -n 12"
    #expect(
      try await repository.shell("mdata sample --model tiny.gguf \(greedy)").stdout
        == repository.shell("mdata sample --model tiny \(greedy)").stdout)
    let answers = try await repository.shell(
      "printf '{\"prompt\":\"A vein\"}\\n' | mdata sample --model tiny --input - --greedy -n 12")
    #expect(answers.code == 0 && answers.stdout.contains("\"output_tokens\":12"))
  }

  @Test func mistakes() async throws {
    let repository = try await Sample.model()
    let config = try repository.text("tiny/config.json")
    try await repository.shell("cp -r tiny short; mkdir -p adapter")
    try repository.write("short/config.json", config.replacing("\"max_position_embeddings\": 1024", with: "\"max_position_embeddings\": 8"))
    try repository.write("adapter/adapter_config.json", "{}")
    try repository.write("cut.jsonl", #"{"prompt":"a"}"# + "\n" + #"{"prompt":"b""# + "\n")
    try repository.write("empty.jsonl", "")
    try repository.write("none.jsonl", #"{"text":"a"}"# + "\n")
    try repository.write("both.jsonl", #"{"prompt":"a","instruction":"b"}"# + "\n")
    try repository.write("number.jsonl", #"{"prompt":3}"# + "\n")
    try repository.write("there.jsonl", "")
    try await repository.check(
      #"""
      $ mdata sample --model lost -p x
      $ mdata sample --model first.jsonl -p x
      $ mdata sample --model tiny
      $ mdata sample --model tiny -p x --input cut.jsonl
      $ mdata sample --model tiny -p x --out o.jsonl
      $ mdata sample --model tiny -p x -n 0
      $ mdata sample --model tiny -p x --temperature -1
      $ mdata sample --model tiny -p x --top-p 0
      $ mdata sample --model tiny -p x --template own
      $ mdata sample --model tiny -p x --raw --template alpaca
      $ mdata sample --model tiny -p x --template chatml
      $ mdata sample --model tiny -p "" --raw
      $ mdata sample --model short -p "Too long a prompt for this one." --raw
      $ mdata sample --model tiny -p x --adapter adapter
      $ mdata sample --model tiny -p x --batch 0
      $ mdata sample --model tiny --input lost.jsonl --out o.jsonl
      $ mdata sample --model tiny --input cut.jsonl --out o.jsonl
      $ mdata sample --model tiny --input empty.jsonl --out o.jsonl
      $ mdata sample --model tiny --input none.jsonl --out o.jsonl
      $ mdata sample --model tiny --input both.jsonl --out o.jsonl
      $ mdata sample --model tiny --input number.jsonl --out o.jsonl
      $ mdata sample --model tiny --input first.jsonl --raw
      $ mdata sample --model tiny --input first.jsonl --out there.jsonl
      $ mdata sample --model tiny --input first.jsonl --out no/o.jsonl
      """#)
    #expect(try await repository.shell("ls | grep '^o[.]jsonl'").code == 1)
  }
}
