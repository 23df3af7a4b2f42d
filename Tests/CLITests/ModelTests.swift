import Testing

@Suite struct ModelTests {
  @Test func saysWhatAModelIs() async throws {
    let repository = try await Sample.model()
    try await repository.check(
      #"""
      $ mdata model info tiny
      tiny: a LLaMA of 123,840 parameters, Hugging Face folder
        layers      2 of width 64, feed-forward 172
        attention   4 heads of 16, 2 for keys and values
        vocabulary  514, head tied to the embedding
        positions   1,024, rope theta 10,000
        tokenizer   byte-level BPE, 514 tokens
        weights     20 tensors, 495,360 bytes: 123,840 as F32
      $ mdata model convert tiny tiny.gguf --type q8_0
      Wrote tiny.gguf: 123,840 parameters as q8_0, 153,160 bytes
      $ mdata model info tiny.gguf
      tiny.gguf: a LLaMA of 123,840 parameters, GGUF file
        layers      2 of width 64, feed-forward 172
        attention   4 heads of 16, 2 for keys and values
        vocabulary  514, head tied to the embedding
        positions   1,024, rope theta 10,000
        tokenizer   byte-level BPE, 514 tokens, cut as gpt-2
        weights     20 tensors, 153,160 bytes: 101,504 as Q8_0, 22,016 as F16, 320 as F32
      $ mdata model convert tiny.gguf small --type bf16 --json
      {"bytes":247680,"format":"folder","parameters":123840,"schema":"mdata.model-convert/v1","source":"tiny.gguf","target":"small","type":"bf16"}
      """#)
    let tensors = try await repository.run("model", "info", "small", "--tensors")
    #expect(tensors.stdout.contains("\n  BF16  model.layers.1.self_attn.k_proj.weight  32 × 64\n"))
  }

  /// What comes out of a conversion is a model that is trained on, and the bytes are the same again.
  @Test func trainsWhatItConverted() async throws {
    let repository = try await Sample.model()
    for command in [["tiny", "tiny.gguf"], ["tiny.gguf", "back"], ["back", "again.gguf"]] {
      try #require(try await repository.run(["model", "convert"] + command).code == 0)
    }
    #expect(try repository.bytes("tiny.gguf") == repository.bytes("again.gguf"))
    #expect(try repository.bytes("tiny/model.safetensors") == repository.bytes("back/model.safetensors"))
    let train = try await repository.run(
      "train", "v1", "--model", "back", "--out", "out", "--steps", "1", "--quiet")
    #expect(train.code == 0, "\(train.text)")
  }

  @Test func mistakes() async throws {
    let repository = try await Sample.model()
    try await repository.run("model", "convert", "tiny", "tiny.gguf")
    let whole = try repository.bytes("tiny.gguf")
    try repository.write("cut.gguf", bytes: Array(whole.prefix(whole.count / 2)))
    let config = try repository.text("tiny/config.json")
    try await repository.shell("cp -r tiny longrope; cp -r tiny bert; rm bert/tokenizer.json")
    try repository.write(
      "longrope/config.json",
      config.replacing("\"rope_theta\"", with: "\"rope_scaling\": {\"type\": \"longrope\"}, \"rope_theta\""))
    try await repository.check(
      #"""
      $ mdata model info lost
      error: cannot open $PLACE/lost: No such file or directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      $ mdata model info first.jsonl
      error: $PLACE/first.jsonl is not a valid GGUF file: at byte 0, it does not begin with "GGUF"
      [exit 65]
      $ mdata model info longrope
      error: $PLACE/longrope/config.json: "rope_scaling.type" is "longrope", which mdata does not support yet
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata model convert tiny tiny.gguf
      error: `tiny.gguf` exists already
      hint: give another name, or remove it first
      [exit 64]
      $ mdata model convert tiny.gguf tiny
      error: `tiny` holds a model already
      hint: give another folder, or remove it first
      [exit 64]
      $ mdata model convert tiny first.jsonl
      error: `first.jsonl` is a file
      hint: give the name of a folder, new or empty, or one that ends in .gguf
      [exit 64]
      $ mdata model convert tiny no/x.gguf
      error: there is no folder `no` to make `no/x.gguf` in
      hint: make it first: `mkdir -p no`
      [exit 66]
      $ mdata model convert tiny other --type q8_0
      error: a Hugging Face folder holds weights as f32, f16 or bf16, not as q8_0
      hint: give a name that ends in .gguf, or another `--type`
      [exit 64]
      $ mdata model convert tiny other --type q2
      error: there is no weight type `q2`
      hint: give `--type` f32, f16, bf16 or q8_0
      [exit 64]
      $ mdata model convert bert other.gguf
      error: $PLACE/bert/tokenizer.json: is missing, and there is no tokenizer.model
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      """#)
    let cut = try await repository.run("model", "info", "cut.gguf")
    #expect(cut.code == 65 && cut.stderr.contains("bytes, but"), "\(cut.text)")
    let left = try await repository.shell("ls -d other* no 2>&1 | grep -v 'No such'; ls -a | grep part")
    #expect(left.stdout.isEmpty, "\(left.text)")
  }
}
