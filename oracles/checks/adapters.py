"""Adapters both ways against PEFT: what it saves we read, what we write it loads, and both give the merged model's logits."""

import json
import os

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

CASES = [
    ("attention", dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])),
    ("all layers", dict(r=3, lora_alpha=5, lora_dropout=0.1, target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])),
    ("one layer, by the root of the rank", dict(r=8, lora_alpha=16, use_rslora=True, target_modules=["down_proj"], layers_to_transform=[1])),
]


def merged(folder, adapter):
    """The model with every B · A added to its weight by hand."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64)
    settings = json.load(open(os.path.join(adapter, "adapter_config.json")))
    scale = settings["lora_alpha"] / (settings["r"] ** 0.5 if settings["use_rslora"] else settings["r"])
    tensors = load_file(os.path.join(adapter, "adapter_model.safetensors"))
    for name in tensors:
        if name.endswith(".lora_A.weight"):
            layer = name[len("base_model.model.") : -len(".lora_A.weight")]
            product = tensors[name.replace("lora_A", "lora_B")].double() @ tensors[name].double()
            model.get_submodule(layer).weight.data += scale * product
    return model


def run(context):
    folder = context.tiny()
    size = json.load(open(os.path.join(folder, "config.json")))["vocab_size"]
    tokens = torch.tensor([[(i * 13 + 5) % size for i in range(60)]])
    for name, settings in CASES:
        torch.manual_seed(3)
        source, out = context.path("adapter"), context.path("adapter.out")
        base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        trained = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", **settings))
        for key, parameter in trained.named_parameters():
            if "lora_" in key:
                torch.nn.init.normal_(parameter, std=0.3)
        trained.save_pretrained(source)
        context.run("adapter", source, out)
        before, after = (load_file(os.path.join(f, "adapter_model.safetensors")) for f in (source, out))
        same = before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)
        context.report(f"adapter of {name}: the same tensors", same, f"{len(after)}")
        with torch.no_grad():
            plain = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64)
            unadapted = plain(tokens).logits
            loaded = PeftModel.from_pretrained(plain, out).double().eval()(tokens).logits
            expected = merged(folder, out)(tokens).logits
        error, change = ((a - expected).abs().max().item() for a in (loaded, unadapted))
        context.report(f"adapter of {name}: PEFT loads it", error < 1e-9 and change > 1e-2, f"differs from the merged model by {error:.1e}, from the plain one by {change:.1e}")
