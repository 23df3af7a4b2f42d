"""safetensors both ways against the reference library, and damaged files against its verdict."""

import json
import os
import random
import struct

import numpy
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file


def run(context):
    generator = torch.Generator().manual_seed(1)
    tensors = {
        f"t{i}.{str(kind)[6:]}": torch.randn(shape, generator=generator).to(kind)
        for i, shape in enumerate([(), (1,), (7,), (3, 5), (2, 3, 4), (0, 4)])
        for kind in (torch.float32, torch.float16, torch.bfloat16)
    }
    # All values of both 16-bit types, as bits.
    every = torch.arange(65536, dtype=torch.int32).to(torch.uint16)
    tensors["every.f16"] = every.view(torch.float16).clone()
    tensors["every.bf16"] = every.view(torch.bfloat16).clone()
    save_file(tensors, context.path("in.safetensors"), metadata={"format": "pt", "note": "ä"})
    context.run("safetensors", context.path("in.safetensors"), context.path("out.safetensors"))
    back = load_file(context.path("out.safetensors"))
    wrong = [
        name
        for name, tensor in tensors.items()
        if back[name].shape != tensor.shape or not torch.allclose(back[name], tensor.float(), 0, 0, equal_nan=True)
    ]
    context.report("safetensors read and written", back.keys() == tensors.keys() and not wrong, ", ".join(wrong))
    context.run("safetensors", context.path("out.safetensors"), context.path("again.safetensors"))
    same = open(context.path("out.safetensors"), "rb").read() == open(context.path("again.safetensors"), "rb").read()
    context.report("safetensors bytes are settled", same)
    hostile(context)


def hostile(context):
    """Mutated files: whatever the reference refuses, we refuse too, with a message and without a signal."""
    source = random.Random(11)
    entry = {"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}, "b": {"dtype": "F16", "shape": [3], "data_offsets": [16, 22]}}
    header = json.dumps(entry).encode()
    good = struct.pack("<Q", len(header)) + header + bytes(22)
    lenient = stricter = crashed = 0
    count = 1500
    for _ in range(count):
        data = bytearray(good)
        for _ in range(source.randrange(1, 3)):
            place = source.randrange(len(data))
            kind = source.randrange(4)
            if kind == 0:
                data[place] = source.randrange(256)
            elif kind == 1:
                data[place] = ord(source.choice('0123456789,:[]{}" -.eE'))
            elif kind == 2:
                del data[place]
            else:
                data.insert(place, source.randrange(32, 127))
        if source.random() < 0.5 and len(data) > 30:
            # Keep the length right, so that the mutation is seen by the parser of the header.
            data[:8] = struct.pack("<Q", len(data) - 8 - 22)
        path = context.path("mutant.safetensors")
        with open(path, "wb") as file:
            file.write(data)
        try:
            with safe_open(path, "pt") as opened:
                opened.keys()
            accepted = True
        except (SafetensorError, OSError):
            accepted = False
        try:
            context.run("safetensors", path, context.path("mutant.out"))
            ours = True
        except RuntimeError as failure:
            ours = False
            crashed += " ended with 1:" not in str(failure)
        lenient += ours and not accepted
        stricter += accepted and not ours
    detail = f"{count} mutants; {crashed} crashes, {lenient} accepted by us only, {stricter} by the reference only"
    context.report("safetensors damaged", not crashed and not lenient, detail)
