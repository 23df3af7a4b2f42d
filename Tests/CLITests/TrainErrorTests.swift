import Testing

/// What a mistake at `train` and `model` answers. After every one of these commands every file is as it was.
@Suite struct TrainErrorTests {
  @Test func training() async throws {
    let repository = try await Sample.model()
    let config = try repository.text("tiny/config.json")
    func model(_ name: String, _ config: String, weights: [UInt8]? = nil) async throws {
      try await repository.shell("cp -r tiny \(name)")
      try repository.write("\(name)/config.json", config)
      if let weights { try repository.write("\(name)/model.safetensors", bytes: weights) }
    }
    let weights = try repository.bytes("tiny/model.safetensors")
    try await model("noconfig", "{")
    try await model(
      "gpt",
      config.replacing("LlamaForCausalLM", with: "GPT2LMHeadModel").replacing("\"llama\"", with: "\"gpt2\""))
    try await model("cut", config, weights: Array(weights.prefix(weights.count / 2)))
    try await model("huge", config, weights: [255, 255, 255, 255, 255, 255, 255, 127] + weights)
    try await model("bare", config, weights: [])
    try await repository.shell(
      "cp -r tiny notokens && rm notokens/tokenizer.json; mkdir -p used && echo '{}' > used/config.json")
    try await repository.check(
      #"""
      $ mdata train v1 --model lost --out out
      error: cannot open $PLACE/lost: No such file or directory
      hint: give a Hugging Face folder, or make a small one to try with `mdata model new DIR`
      [exit 66]
      $ mdata train v1 --model first.jsonl --out out
      error: $PLACE/first.jsonl is not a valid GGUF file: at byte 0, it does not begin with "GGUF"
      [exit 65]
      $ mdata train v1 --model noconfig --out out
      error: $PLACE/noconfig/config.json: is not valid JSON: line 1, column 2 (byte 1): the text ends inside an object
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model gpt --out out
      error: $PLACE/gpt/config.json: "model_type" is "gpt2", which mdata does not support yet
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model cut --out out
      error: $PLACE/cut/model.safetensors is not a valid safetensors file: the tensors take 495360 bytes, but 246644 follow the header; the file is cut or damaged
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model huge --out out
      error: $PLACE/huge/model.safetensors is not a valid safetensors file: its header claims #1/19 bytes; at most #2 are accepted
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model bare --out out
      error: $PLACE/bare/model.safetensors is not a valid safetensors file: it has 0 bytes; the header's length takes 8
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model notokens --out out
      error: $PLACE/notokens/tokenizer.json: is missing, and there is no tokenizer.model
      hint: a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json
      [exit 65]
      $ mdata train v1 --model tiny --out used
      error: `used` holds a model already
      hint: give another `--out`, or remove it first
      [exit 64]
      $ mdata train v1 --model tiny --out first.jsonl
      error: `first.jsonl` is a file
      hint: give `--out` a folder, new or empty
      [exit 64]
      $ mdata train v1 --model tiny --out no/out
      error: there is no folder `no` to make `no/out` in
      hint: make it first: `mkdir -p no`
      [exit 66]
      $ mdata train v1 --model tiny --out out --steps 0
      error: steps must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --epochs 0
      error: epochs must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --batch 0
      error: batch must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --accumulate 0
      error: gradient accumulation must be from 1 to 1,000,000, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --seq-len 1
      error: `--seq-len` must be from 2 to 1,048,576
      [exit 64]
      $ mdata train v1 --model tiny --out out --lr -1
      error: learning rate must be above 0, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --lr nan
      error: learning rate must be above 0, not nan
      [exit 64]
      $ mdata train v1 --model tiny --out out --warmup 2
      error: warm-up ratio must be from 0 to 1, not 2.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --weight-decay -1
      error: weight decay must be 0 or more, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --clip -1
      error: the gradient's norm limit must be 0 or more, not -1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --threads 0
      error: `--threads` must be from 1 to 1,024
      [exit 64]
      $ mdata train v1 --model tiny --out out --records 0
      error: `--records` must be at least 1
      [exit 64]
      $ mdata train v1 --model tiny --out out --records 5
      error: `--records 5` asks for more than the version's 4 records
      [exit 64]
      $ mdata train v1 --model tiny --out out --precision fp8
      error: there is no precision `fp8`
      hint: it is `f32`, or `bf16` for products of bfloat16 with sums in single precision
      [exit 64]
      $ mdata train v1 --model tiny --out out --template vicuna
      error: there is no template `vicuna`
      hint: the templates are `alpaca`, `chatml`, `llama-2`, `llama-3`
      [exit 64]
      $ mdata train v1 --model tiny --out out --template chatml
      error: the template `chatml` needs the token `<|im_start|>`, which the model's tokenizer does not have
      hint: choose another `--template`, or a model that knows this one
      [exit 65]
      $ mdata train v1 --model tiny --out out --schedule step
      error: there is no schedule `step`
      hint: it is `cosine`, `linear` or `constant`
      [exit 64]
      $ mdata train v1 --model tiny --out out --lora 0
      error: the adapter's rank must be from 1 to 4,096, not 0
      [exit 64]
      $ mdata train v1 --model tiny --out out --lora 4 --lora-alpha 0
      error: the adapter's alpha must be above 0, not 0.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --lora 4 --lora-dropout 1
      error: the adapter's dropout must be 0 or more and below 1, not 1.0
      [exit 64]
      $ mdata train v1 --model tiny --out out --lora 4 --lora-modules q_proj,w_proj
      error: there is no module `w_proj`
      hint: the modules are `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj`
      [exit 64]
      $ mdata train v1 --model tiny --out out --lora-alpha 4
      error: `--lora-alpha` is of an adapter: give `--lora RANK` too
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --merge-adapter
      error: `--merge-adapter` is of an adapter: give `--lora RANK` too
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --checkpoint-every -1
      error: `--checkpoint-every` must be 0 or more
      [exit 64]
      $ mdata train v1 --model tiny --out out --eval-every 1
      error: `--eval-every` measures: give `--validation REV` too
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --patience 1
      error: `--patience` counts measurements: give `--validation REV` too
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --validation main --eval-every 0
      error: `--eval-every` must be at least 1
      [exit 64]
      $ mdata train v1 --model tiny --out out --validation main --patience 2
      error: `--patience` counts measurements, and only the first and the last model are measured
      hint: say with `--eval-every N` how often to measure
      [exit 64]
      $ mdata train v1 --model tiny --out out --validation nowhere
      error: `nowhere` is not a version: there is no such branch, tag or commit
      hint: `mdata log`, `mdata branch` and `mdata tag` list versions
      [exit 66]
      $ mdata train v1 --model tiny --out out --seed -1
      error: the value `-1` is invalid for `--seed <n>`
      hint: the form is `mdata train [<options>] [<revision>] --model <path> --out <dir>`
      hint: see `mdata train --help`
      [exit 64]
      $ mdata train v1 --model tiny --out out --quiet --seq-len 8
      error: none of the 4 examples has an answer token within the sequence length; raise it or check the data
      hint: try a larger `--seq-len`
      [exit 65]
      $ mdata model new used
      error: `used` holds a model already
      hint: give another folder, or remove it first
      [exit 64]
      $ mdata model new first.jsonl
      error: `first.jsonl` is a file
      hint: give the name of a folder, new or empty
      [exit 64]
      """#, changesNothing: true)
  }
}
