"""Prints the numbers that Tests/LlamaTests/ModelTorchTests.swift holds the model to, from PyTorch and transformers.

The weights come from mdata's own seeded sequence, written again here, so no file has to travel with the test.
"""
import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM


class Normal:
    """SplitMix64; a normal value is twelve uniform ones less six (Sources/Llama/Model/WeightSeed.swift)."""

    def __init__(self, seed):
        self.state = seed

    def take(self, count, deviation):
        with np.errstate(over="ignore"):
            step = np.uint64(0x9E3779B97F4A7C15)
            z = np.uint64(self.state) + step * np.arange(1, 6 * count + 1, dtype=np.uint64)
            self.state = int(z[-1])
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z ^= z >> np.uint64(31)
        pair = (z >> np.uint64(32)) + (z & np.uint64(0xFFFFFFFF))
        total = pair.reshape(count, 6).sum(axis=1).astype(np.float64)
        return ((total / 4294967296 - 6) * deviation).astype(np.float32)


def order(name):
    """A parameter's place in mdata's arena."""
    parts = "input_layernorm q_proj k_proj v_proj o_proj post_attention_layernorm gate_proj up_proj down_proj".split()
    if name.startswith("model.layers."):
        return 1, int(name.split(".")[2]), next(i for i, part in enumerate(parts) if f".{part}." in name)
    return {"model.embed_tokens.weight": (0,), "model.norm.weight": (2,), "lm_head.weight": (3,)}[name]


def main():
    torch.set_num_threads(1)
    config = LlamaConfig(
        vocab_size=97, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=256, rope_theta=10000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=False, attn_implementation="eager")
    model = LlamaForCausalLM(config).double()
    normal = Normal(2024)
    parameters = sorted(model.named_parameters(), key=lambda pair: order(pair[0]))
    with torch.no_grad():
        for _, p in parameters:
            # Ten times the usual deviation, so that attention is far from uniform.
            value = normal.take(p.numel(), 0.2) if p.dim() == 2 else 1 + normal.take(p.numel(), 0.2)
            p.copy_(torch.tensor(value.astype(np.float64)).reshape(p.shape))
    batch = []
    for s, length in enumerate([70, 3, 133]):
        tokens = [(i * i * 31 + i * 7 + s * 11) % 97 for i in range(length)]
        batch.append((tokens, [-100 if i % 5 == s else t for i, t in enumerate(tokens)]))
    count = sum(label != -100 for _, labels in batch for label in labels[1:])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.1)
    for step in range(4):
        optimizer.zero_grad()
        loss = 0.0
        for tokens, labels in batch:
            out = model(input_ids=torch.tensor([tokens]), labels=torch.tensor([labels]), num_items_in_batch=count)
            out.loss.backward()
            loss += out.loss.item()
        if step == 0:
            # Each gradient by its length and by its product with a seeded direction, which no permutation survives.
            direction = Normal(7)
            for name, p in parameters:
                along = torch.tensor(direction.take(p.numel(), 1).astype(np.float64)).reshape(p.shape)
                print(f'    ("{name}", {p.grad.norm().item():.9g}, {(p.grad * along).sum().item():.9g}),')
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        print(f"    ({loss:.9g}, {norm:.9g}),")
        optimizer.step()


main()
