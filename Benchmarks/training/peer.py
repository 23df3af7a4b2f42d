"""One training of transformers (and PEFT), as `bench.py` runs it: `peer.py SETTINGS`, JSON in, a JSON line a step out.

What is measured is a plain loop around the model: forward, backward, clipping, fused AdamW. It is what the Trainer does, without
what that does beside it.
"""

import json
import sys
import time

import torch
import transformers

settings = json.loads(sys.argv[1])
torch.set_num_threads(settings["threads"])
torch.manual_seed(1)
transformers.logging.set_verbosity_error()
model = transformers.AutoModelForCausalLM.from_pretrained(settings["model"], dtype=torch.float32, attn_implementation="sdpa")
model.config.use_cache = False
if settings["recompute"]:
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.enable_input_require_grads()
if settings["lora"]:
    from peft import LoraConfig, get_peft_model

    everything = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(
        model, LoraConfig(r=settings["lora"], lora_alpha=2 * settings["lora"], target_modules=everything, task_type="CAUSAL_LM"))
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-5, fused=True)
run = torch.compile(model) if settings["compile"] else model
size = model.config.vocab_size
for step in range(settings["steps"]):
    began = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    total = 0.0
    for part in range(settings["accumulate"]):
        tokens = torch.randint(0, size, (settings["batch"], settings["length"]))
        labels = tokens.clone()
        labels[:, : settings["length"] // 4] = -100
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings["precision"] == "bf16"):
            loss = run(input_ids=tokens, labels=labels).loss / settings["accumulate"]
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    count = settings["batch"] * settings["accumulate"] * settings["length"]
    print(json.dumps({"step": step + 1, "loss": total, "tokens_per_second": count / (time.perf_counter() - began)}), flush=True)
