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
      eeeeee
      $ mdata sample --model tiny -p "Why?" -n 5 --seed 4 --json
      {"finish":"length","model":"tiny","output":"� dep dep��","output_tokens":5,"prompt":"Why?","prompt_tokens":33,"prompts":1,"schema":"mdata.sample/v1","template":"alpaca"}
      $ mdata sample --model tiny --input prompts.jsonl --greedy -n 4
      {"finish":"length","id":7,"input":"A cough","instruction":"Why?","output":"::::","output_tokens":4,"prompt_tokens":51}
      {"finish":"length","output":"::::","output_tokens":4,"prompt":"How?","prompt_tokens":20,"system":"Be brief."}
      $ mdata sample --model tiny --input prompts.jsonl --out answers.jsonl -n 4 --temperature 3
      Wrote answers.jsonl: 2 answers, 8 tokens
      $ mdata sample --model tiny --input prompts.jsonl --out again.jsonl -n 4 --temperature 3 --batch 1 --json
      {"file":"again.jsonl","model":"tiny","output_tokens":8,"prompt_tokens":71,"prompts":2,"schema":"mdata.sample/v1","template":"alpaca"}
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
    try repository.write(
      "short/config.json",
      config.replacing("\"max_position_embeddings\": 1024", with: "\"max_position_embeddings\": 8"))
    try repository.write("adapter/adapter_config.json", "{}")
    try repository.write("cut.jsonl", #"{"prompt":"a"}"# + "\n" + #"{"prompt":"b""# + "\n")
    try repository.write("empty.jsonl", "")
    try repository.write("none.jsonl", #"{"text":"a"}"# + "\n")
    try repository.write("number.jsonl", #"{"prompt":3}"# + "\n")
    try repository.write("there.jsonl", "")
    try await repository.check(
      #"""
      $ mdata sample --model lost -p x
      error: cannot open $PLACE/lost: No such file or directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      $ mdata sample --model first.jsonl -p x
      error: $PLACE/first.jsonl is not a valid GGUF file: at byte 0, it does not begin with "GGUF"
      [exit 65]
      $ mdata sample --model tiny
      error: give either `--prompt` or `--input`
      hint: the form is `mdata sample [<options>] --model <path>`
      hint: see `mdata sample --help`
      [exit 64]
      $ mdata sample --model tiny -p x --input cut.jsonl
      error: give either `--prompt` or `--input`
      hint: the form is `mdata sample [<options>] --model <path>`
      hint: see `mdata sample --help`
      [exit 64]
      $ mdata sample --model tiny -p x --out o.jsonl
      error: `--out` is for the answers to `--input`
      hint: the form is `mdata sample [<options>] --model <path>`
      hint: see `mdata sample --help`
      [exit 64]
      $ mdata sample --model tiny -p x -n 0
      error: the number of tokens must be from 1 to 1,048,576
      [exit 64]
      $ mdata sample --model tiny -p x --temperature -1
      error: the temperature must be from 0 to 100
      hint: `mdata sample --help` says what each option is
      [exit 64]
      $ mdata sample --model tiny -p x --top-p 0
      error: top-p must be above 0 and at most 1
      hint: `mdata sample --help` says what each option is
      [exit 64]
      $ mdata sample --model tiny -p x --template own
      error: there is no template `own`
      hint: the templates are `alpaca`, `chatml`, `llama-2`, `llama-3`, `none`
      [exit 64]
      $ mdata sample --model tiny -p x --raw --template alpaca
      error: `--raw` and `--template` contradict each other
      hint: the form is `mdata sample [<options>] --model <path>`
      hint: see `mdata sample --help`
      [exit 64]
      $ mdata sample --model tiny -p x --template chatml
      error: the template `chatml` needs the token `<|im_start|>`, which the model's tokenizer does not have
      hint: choose another `--template`, or a model that knows this one
      [exit 65]
      $ mdata sample --model tiny -p "" --raw
      error: the prompt is empty, and this tokenizer begins texts with no token of its own
      [exit 64]
      $ mdata sample --model short -p "Too long a prompt for this one." --raw
      error: the prompt has 18 tokens, but the model's context has 8, the answer included
      [exit 65]
      $ mdata sample --model tiny -p x --adapter adapter
      error: $PLACE/adapter/adapter_config.json: "peft_type" is missing
      hint: an adapter is a folder: adapter_config.json, adapter_model.safetensors
      [exit 65]
      $ mdata sample --model tiny -p x --batch 0
      error: `--batch` must be from 1 to 256
      [exit 64]
      $ mdata sample --model tiny --input lost.jsonl --out o.jsonl
      error: cannot open `$PLACE/lost.jsonl`: No such file or directory
      hint: did you mean `cut.jsonl`?
      [exit 66]
      $ mdata sample --model tiny --input cut.jsonl --out o.jsonl
      error: cut.jsonl, line 2 (byte 28): the text ends inside an object
      hint: a line is an object with `instruction`, and perhaps `input` and `system`, or with `prompt`
      [exit 65]
      $ mdata sample --model tiny --input empty.jsonl --out o.jsonl
      error: `empty.jsonl` has no lines, and so no prompts
      [exit 65]
      $ mdata sample --model tiny --input none.jsonl --out o.jsonl
      error: none.jsonl, line 1 (byte 0): it has neither `instruction` nor `prompt`
      hint: a line is an object with `instruction`, and perhaps `input` and `system`, or with `prompt`
      [exit 65]
      $ mdata sample --model tiny --input number.jsonl --out o.jsonl
      error: number.jsonl, line 1 (byte 0): `prompt` is not a text
      hint: a line is an object with `instruction`, and perhaps `input` and `system`, or with `prompt`
      [exit 65]
      $ mdata sample --model tiny --input first.jsonl --raw
      error: first.jsonl, line 1 (byte 0): it has `instruction`, which `--template none` has no way to write: give `prompt`
      hint: a line is an object with `instruction`, and perhaps `input` and `system`, or with `prompt`
      [exit 65]
      $ mdata sample --model tiny --input first.jsonl --out there.jsonl
      error: `there.jsonl` exists already
      hint: give another `--out`, or remove it first
      [exit 64]
      $ mdata sample --model tiny --input first.jsonl --out no/o.jsonl
      error: there is no folder `no` to make `no/o.jsonl` in
      hint: make it first: `mkdir -p no`
      [exit 66]
      """#)
    #expect(try await repository.shell("ls | grep '^o[.]jsonl'").code == 1)
  }
}
