"""The tokenizer of a GGUF file as the JSON values that the probe reads."""

import json

from gguf import GGUFReader

KEYS = {
    "model": "model",
    "pre": "pre",
    "tokens": "tokens",
    "scores": "scores",
    "types": "token_type",
    "merges": "merges",
    "bos": "bos_token_id",
    "eos": "eos_token_id",
    "unknown": "unknown_token_id",
    "add_bos": "add_bos_token",
    "add_eos": "add_eos_token",
    "add_space_prefix": "add_space_prefix",
}


def convert(path, target):
    """Writes the values of the file's tokenizer; returns them."""
    fields = GGUFReader(path).fields
    values = {
        name: fields["tokenizer.ggml." + key].contents() for name, key in KEYS.items() if "tokenizer.ggml." + key in fields
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(values, file)
    return values
