"""Models of transformers in and out of both formats: equal logits, and tokens that stay the same."""

import json
import os
import shutil

import gguf
import numpy
import sentencepiece
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM

from . import families, texts, vocabularies

BASE = dict(
    vocab_size=0, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=256, rms_norm_eps=1e-5, initializer_range=0.3,
)
LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 8192}
# Name, configuration, whether llama.cpp's format can say it.
CASES = [
    ("tied", dict(tie_word_embeddings=True), True),
    ("untied", dict(tie_word_embeddings=False), True),
    ("one key head", dict(num_key_value_heads=1), True),
    ("all key heads", dict(num_key_value_heads=4), True),
    ("wide heads", dict(head_dim=32), True),
    ("llama3", dict(rope_parameters=LLAMA3), True),
    ("llama3 short", dict(rope_parameters={**LLAMA3, "original_max_position_embeddings": 16}), True),
    ("linear", dict(rope_parameters={"rope_type": "linear", "rope_theta": 1e4, "factor": 4.0}), True),
    ("dynamic", dict(rope_parameters={"rope_type": "dynamic", "rope_theta": 1e4, "factor": 4.0}), True),
    ("yarn", dict(rope_parameters={"rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 64}), True),
    ("yarn with amplitude", dict(rope_parameters={
        "rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 64, "beta_fast": 16.0,
        "attention_factor": 1.3}), True),
    ("yarn not rounded", dict(rope_parameters={
        "rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 64, "truncate": False}), False),
    ("attention bias", dict(attention_bias=True), True),
    ("all biases", dict(attention_bias=True, mlp_bias=True), True),
    ("mistral", dict(sliding_window=200), True),
    ("mistral without window", dict(sliding_window=None), True),
]


def made(context, name, more):
    """The folder of a random model with the tiny model's tokenizer."""
    folder = context.path("made-" + name.replace(" ", "-"))
    tiny = context.tiny()
    size = json.load(open(os.path.join(tiny, "config.json")))["vocab_size"]
    torch.manual_seed(5)
    kinds = (MistralConfig, MistralForCausalLM) if "mistral" in name else (LlamaConfig, LlamaForCausalLM)
    model = kinds[1](kinds[0](**{**BASE, "vocab_size": size, **more}))
    for key, parameter in model.named_parameters():
        if key.endswith(".bias"):
            torch.nn.init.normal_(parameter, std=0.3)
        elif parameter.dim() == 1:
            torch.nn.init.normal_(parameter, mean=1, std=0.2)
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(tiny, file), folder)
    return folder


def theirs(folder, tokens, dtype=torch.float64, **more):
    with torch.no_grad():
        return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **more)(torch.tensor([tokens])).logits[0].double()


def ours(context, path, tokens):
    out = context.path("logits.safetensors")
    context.run("logits", path, json.dumps(tokens), out)
    return load_file(out)["logits"].double()


def difference(a, b):
    return ((a - b).abs().max() / b.abs().max()).item()


def run(context):
    for name, more, hasGGUF in CASES:
        folder = made(context, name, more)
        size = json.load(open(os.path.join(folder, "config.json")))["vocab_size"]
        tokens = [(i * i * 7 + i * 3) % size for i in range(120)]
        expected = theirs(folder, tokens)
        error = difference(ours(context, folder, tokens), expected)
        context.report(f"{name}: folder read", error < 2e-5, f"logits differ by {error:.1e}")
        folders(context, name, folder, tokens, expected)
        if hasGGUF:
            files(context, name, folder, tokens, expected)
        else:
            try:
                context.run("convert", folder, context.path("no.gguf"), "f32")
                context.report(f"{name}: refused as GGUF", False)
            except RuntimeError as failure:
                context.report(f"{name}: refused as GGUF", "YaRN" in str(failure))
    shards(context)
    pieces(context)


def pieces(context):
    """Tokenizers of SentencePiece, to GGUF and back, and once more from the folder that was made of the file."""

    def write(name, data):
        with open(context.path(name), "wb") as file:
            file.write(data)
        return context.path(name)

    strings = [s for s in texts.randoms(1500, seed=41)] + ["a" + " " * n + "b" for n in range(1, 20)]
    for name, path in vocabularies.sentencepieces(write):
        reference = sentencepiece.SentencePieceProcessor(model_file=path)
        torch.manual_seed(5)
        folder, file, back = (context.path(f"pieces-{name}{end}") for end in ("", ".gguf", "-back"))
        LlamaForCausalLM(LlamaConfig(**{**BASE, "vocab_size": reference.vocab_size() + 5})).save_pretrained(folder)
        shutil.copy(path, os.path.join(folder, "tokenizer.model"))
        if name in ("collapsing", "unknown"):
            try:
                context.run("convert", folder, file, "f32")
                context.report(f"pieces {name}: refused as GGUF", False)
            except RuntimeError as failure:
                context.report(f"pieces {name}: refused as GGUF", "llama.cpp" in str(failure))
            continue
        context.run("convert", folder, file, "f32")
        field = gguf.GGUFReader(file).fields
        scores = [float(field["tokenizer.ggml.scores"].parts[i][0]) for i in field["tokenizer.ggml.scores"].data]
        expected = [reference.get_score(i) for i in range(reference.vocab_size())]
        context.report(f"pieces {name}: scores", scores[: len(expected)] == expected and len(scores) == len(expected) + 5)
        # What is user-defined is found before a text gets its marker, as llama.cpp has it, and after it in SentencePiece.
        if name == "user-defined":
            continue
        tokens = [[reference.bos_id()] + ids for ids in reference.encode(strings)]
        context.run("convert", file, back + "/", "f32")
        # Control pieces in a text are found by transformers and are plain text to SentencePiece.
        plain = [i for i in range(len(strings)) if "<s>" not in strings[i] and "</s>" not in strings[i] and "<unk>" not in strings[i]]
        found = AutoTokenizer.from_pretrained(back)([strings[i] for i in plain]).input_ids
        families.differences(context, f"pieces {name}: GGUF back to a folder", [strings[i] for i in plain], found, [tokens[i] for i in plain])
        again = context.path("again.gguf")
        context.run("convert", back, again, "f32")
        context.run("convert", again, back + "-again/", "f32")
        found = AutoTokenizer.from_pretrained(back + "-again")([strings[i] for i in plain]).input_ids
        families.differences(context, f"pieces {name}: and once more", [strings[i] for i in plain], found, [tokens[i] for i in plain])


def folders(context, name, folder, tokens, expected):
    """Folders written in each type are those that transformers makes of the model in that type."""
    for kind, dtype in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)):
        out = context.path("out-" + kind)
        shutil.rmtree(out, ignore_errors=True)
        context.run("convert", folder, out + "/", kind)
        model, info = AutoModelForCausalLM.from_pretrained(out, output_loading_info=True)
        reference = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
        complete = not any(info.get(key) for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
        same = model.dtype == dtype and all(torch.equal(a, b) for a, b in zip(model.parameters(), reference.parameters()))
        context.report(f"{name}: folder written as {kind}", complete and same)


NAMES = {
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head", "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


def unpacked(path, folder):
    """A model of transformers with the weights that the gguf package finds in a file."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64)
    config, weights = model.config, {}
    for tensor in gguf.GGUFReader(path).tensors:
        *layer, module, kind = tensor.name.split(".")
        if module == "rope_freqs":
            continue
        value = torch.from_numpy(numpy.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type))).double()
        if module in ("attn_q", "attn_k"):
            heads = config.num_attention_heads if module == "attn_q" else config.num_key_value_heads
            # The reverse of `LlamaModel.permute` of llama.cpp's converter.
            value = value.reshape(heads, value.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(value.shape)
        weights[("model.layers." + layer[1] + "." if layer else "") + NAMES[module] + "." + kind] = value
    if config.tie_word_embeddings:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    model.load_state_dict(weights, strict=True)
    return model


def files(context, name, folder, tokens, expected):
    """GGUF files give the logits of the weights that the gguf package finds in them; F32 ones are those of the folder."""
    path, back = context.path("out.gguf"), context.path("back")
    for kind in ("f16", "bf16", "q8_0", "f32"):
        context.run("convert", folder, path, kind)
        with torch.no_grad():
            reference = unpacked(path, folder)(torch.tensor([tokens])).logits[0]
        found = ours(context, path, tokens)
        error, loss = difference(found, reference), difference(reference, expected)
        good = error < 2e-5 and (loss < 1e-12 if kind == "f32" else loss > 1e-4)
        context.report(f"{name}: GGUF {kind} written and read", good, f"logits differ by {error:.1e}, from the folder's by {loss:.1e}")
    shutil.rmtree(back, ignore_errors=True)
    if name == "llama3 short":
        try:
            context.run("convert", path, back + "/", "f32")
            context.report(f"{name}: refused as a folder", False)
        except RuntimeError as failure:
            context.report(f"{name}: refused as a folder", "config.json has no name for" in str(failure))
        return
    context.run("convert", path, back + "/", "f32")
    _, info = AutoModelForCausalLM.from_pretrained(back, output_loading_info=True)
    complete = not any(info.get(key) for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    error = difference(theirs(back, tokens), expected)
    context.report(f"{name}: GGUF back to a folder", complete and error < 1e-6, f"logits differ by {error:.1e}")
    text = "Hb 13.5 g/dL <|end|> naïve 2024"
    same = AutoTokenizer.from_pretrained(back)(text).input_ids == AutoTokenizer.from_pretrained(folder)(text).input_ids
    context.report(f"{name}: tokens after GGUF", same)
    # transformers' own loader of GGUF files knows neither biases nor scaled rotary positions nor a head's width.
    if name in ("tied", "untied", "one key head", "all key heads"):
        error = difference(theirs(os.path.dirname(path), tokens, torch.float32, gguf_file="out.gguf"), expected)
        context.report(f"{name}: GGUF in transformers", error < 1e-4, f"logits differ by {error:.1e}")


def shards(context):
    """A folder in shards, made by transformers, reads like the whole one."""
    folder = made(context, "sharded", dict(tie_word_embeddings=False))
    split = context.path("split")
    AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).save_pretrained(split, max_shard_size="60KB")
    count = len([name for name in os.listdir(split) if name.startswith("model-")])
    tokens = list(range(100))
    error = difference(ours(context, split, tokens), theirs(split, tokens))
    context.report("shards read", count > 2 and error < 2e-5, f"{count} files, logits differ by {error:.1e}")
