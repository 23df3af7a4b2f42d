"""GGUF files against the gguf package: blocks of every type, metadata, and files that were damaged."""

import os
import random

import gguf
import numpy
from gguf.quants import dequantize, quantize
from safetensors.numpy import load_file

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
METADATA = [
    ("t.u8", 200, gguf.GGUFValueType.UINT8),
    ("t.i8", -100, gguf.GGUFValueType.INT8),
    ("t.u16", 60000, gguf.GGUFValueType.UINT16),
    ("t.i16", -30000, gguf.GGUFValueType.INT16),
    ("t.u32", 4000000000, gguf.GGUFValueType.UINT32),
    ("t.i32", -2000000000, gguf.GGUFValueType.INT32),
    ("t.f32", 0.1, gguf.GGUFValueType.FLOAT32),
    ("t.yes", True, gguf.GGUFValueType.BOOL),
    ("t.text", "naïve \u2603", gguf.GGUFValueType.STRING),
    ("t.u64", 2**63 + 5, gguf.GGUFValueType.UINT64),
    ("t.i64", -(2**62), gguf.GGUFValueType.INT64),
    ("t.f64", 0.1, gguf.GGUFValueType.FLOAT64),
]
ARRAYS = [("t.strings", ["", "a b", "é"]), ("t.floats", [0.5, -1.25]), ("t.ints", [1, -2, 3]), ("t.flags", [True, False])]


def run(context):
    blocks(context)
    metadata(context)
    hostile(context)


def blocks(context):
    """Random bytes as blocks of every type: every bit of the floats is that of the reference."""
    generator = numpy.random.default_rng(1)
    path, out = context.path("blocks.gguf"), context.path("blocks.safetensors")
    writer = gguf.GGUFWriter(path, "llama")
    expected = {}
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        raw = generator.integers(0, 256, (400, 2048 // elements * size), dtype=numpy.uint8)
        if name == "F32":
            raw = raw.view(numpy.float32)
        writer.add_tensor(name, raw, raw_shape=raw.shape, raw_dtype=kind)
        with numpy.errstate(all="ignore"):
            expected[name] = dequantize(raw, kind).astype(numpy.float32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    context.run("dequantize", path, out)
    found = load_file(out)
    for name in TYPES:
        ours, theirs = found[name].reshape(-1), expected[name].reshape(-1)
        same = (ours.view(numpy.uint32) == theirs.view(numpy.uint32)) | (numpy.isnan(ours) & numpy.isnan(theirs))
        context.report(f"gguf {name} dequantised", bool(same.all()), f"{same.size} elements, {int((~same).sum())} differ")


def metadata(context):
    """A file of the reference is read, written by us with its tensors as Q8_0, and read by the reference."""
    path, out = context.path("meta.gguf"), context.path("meta.out.gguf")
    generator = numpy.random.default_rng(2)
    tensors = {"a": generator.normal(size=(5, 64)).astype(numpy.float32), "b": numpy.zeros(32, numpy.float32)}
    # Halves of a step and values at both ends, where rounding shows.
    tensors["c"] = numpy.tile(numpy.arange(-16, 16, dtype=numpy.float32) / 2, (3, 1)) * numpy.float32(127 / 8)
    writer = gguf.GGUFWriter(path, "llama")
    for key, value, kind in METADATA:
        writer.add_key_value(key, value, kind)
    for key, values in ARRAYS:
        writer.add_array(key, values)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    context.run("quantize", path, out)
    before, after = gguf.GGUFReader(path), gguf.GGUFReader(out)
    wrong = [key for key, field in before.fields.items() if not key.startswith("GGUF.") and (
        key not in after.fields or field.types != after.fields[key].types or field.contents() != after.fields[key].contents())]
    context.report("gguf metadata read and written", not wrong and len(before.fields) == len(after.fields), ", ".join(wrong))
    wrong = [
        tensor.name
        for tensor in after.tensors
        if tensor.tensor_type != gguf.GGMLQuantizationType.Q8_0
        or not numpy.array_equal(tensor.data.reshape(-1), quantize(tensors[tensor.name], gguf.GGMLQuantizationType.Q8_0).reshape(-1))
    ]
    context.report("gguf Q8_0 quantised", not wrong and len(after.tensors) == len(tensors), ", ".join(wrong))


def hostile(context):
    """Mutated files end with a message, never with a signal."""
    source = random.Random(5)
    good = open(context.path("meta.gguf"), "rb").read()
    crashed = accepted = 0
    count = 600
    for _ in range(count):
        data = bytearray(good)
        for _ in range(source.randrange(1, 4)):
            place = source.randrange(900)
            kind = source.randrange(4)
            if kind == 0:
                data[place] = source.randrange(256)
            elif kind == 1:
                data[place : place + 8] = source.choice([0, 2**64 - 1, 2**63, 2**32, len(good)]).to_bytes(8, "little")
            elif kind == 2:
                del data[place : place + source.randrange(1, 9)]
            else:
                data[place:place] = bytes(source.randrange(256) for _ in range(source.randrange(1, 9)))
        path = context.path("mutant.gguf")
        with open(path, "wb") as file:
            file.write(data)
        try:
            context.run("dequantize", path, context.path("mutant.out"))
            accepted += 1
        except RuntimeError as failure:
            crashed += " ended with 1:" not in str(failure)
    context.report("gguf damaged", not crashed, f"{count} mutants; {crashed} crashes, {accepted} accepted")
    os.remove(context.path("mutant.gguf"))
