"""Loss, gradients and logits against transformers."""

import json
import os
import random
import statistics

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from .context import REPOSITORY


def batch(vocabulary, lengths, seed):
    """Sequences of random tokens whose first part is not learned. Without the last token, a tiny model's padding:
    transformers keeps the embedding row of the padding token as it is, wherever the token stands."""
    source = random.Random(seed)
    sequences = []
    for length in lengths:
        tokens = [source.randrange(vocabulary - 1) for _ in range(length)]
        masked = source.randrange(length - 1)
        sequences.append({"tokens": tokens, "labels": [-100] * masked + tokens[masked:]})
    return sequences


def reference(folder, sequences, kind, autocast=False):
    """Mean loss over all labels, and the gradients."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=kind)
    labels = sum(sum(label != -100 for label in s["labels"][1:]) for s in sequences)
    total = 0
    for sequence in sequences:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            logits = model(torch.tensor([sequence["tokens"]])).logits[0, :-1].to(kind)
        loss = torch.nn.functional.cross_entropy(
            logits, torch.tensor(sequence["labels"][1:]), ignore_index=-100, reduction="sum"
        )
        (loss / labels).backward()
        total += loss.item()
    return total / labels, {name: p.grad for name, p in model.named_parameters()}


def gradients(context, name, folder, sequences, kind):
    out = context.path("gradients.safetensors")
    found = json.loads(context.run("gradients", folder, context.write("batch.json", sequences), out))
    loss, expected = reference(folder, sequences, kind)
    context.report(f"{name} loss", abs(found["loss"] - loss) <= 1e-4, f"{found['loss']:.7f} against {loss:.7f}")
    ours = load_file(out)
    errors = {
        key: ((ours[key].double() - gradient.double()).norm() / gradient.double().norm()).item()
        for key, gradient in expected.items()
    }
    worst = max(errors, key=errors.get)
    context.report(
        f"{name} gradients",
        ours.keys() == expected.keys() and errors[worst] <= 1e-4,
        f"{len(errors)} tensors, worst {errors[worst]:.2e} ({worst}), median {sorted(errors.values())[len(errors) // 2]:.2e}",
    )


def relative(ours, expected):
    """Relative L2 errors of tensors, ascending."""
    return sorted(((ours[k].double() - g.double()).norm() / g.double().norm()).item() for k, g in expected.items())


def bfloat16(context, name, folder, batches):
    """Products in bfloat16 are no further from the exact gradients than PyTorch's autocast is on the same batches. Of one batch a
    single rounding can decide, on either side, so figures are means over batches."""
    out = context.path("gradients-bf16.safetensors")
    losses, medians, worsts = [[], []], [[], []], [[], []]
    for sequences in batches:
        found = json.loads(context.run("gradients-bf16", folder, context.write("batch.json", sequences), out))
        loss, exact = reference(folder, sequences, torch.float64)
        cast_loss, cast = reference(folder, sequences, torch.float32, autocast=True)
        for side, value in enumerate([found["loss"], cast_loss]):
            losses[side].append(abs(value - loss))
        for side, gradients in enumerate([load_file(out), cast]):
            errors = relative(gradients, exact)
            medians[side].append(errors[len(errors) // 2])
            worsts[side].append(errors[-1])
    (off, their_off), (median, their_median), (worst, their_worst) = (
        [statistics.mean(side) for side in sides] for sides in (losses, medians, worsts))
    context.report(f"{name} bf16 loss", off <= max(their_off * 1.25, 2e-3), f"off by {off:.1e}, autocast by {their_off:.1e}")
    context.report(
        f"{name} bf16 gradients", median <= their_median * 1.05 and worst <= their_worst * 1.25,
        f"median {median:.2%}, worst {worst:.2%}; autocast {their_median:.2%}, {their_worst:.2%}; of {len(batches)} batches")


def logits(context, name, folder, tokens, kind, bound):
    context.run("logits", folder, json.dumps(tokens), context.path("logits.safetensors"))
    ours = load_file(context.path("logits.safetensors"))["logits"]
    with torch.no_grad():
        theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=kind)(torch.tensor([tokens])).logits[0]
    error = (ours.double() - theirs.double()).abs().max().item()
    context.report(f"{name} logits", error <= bound, f"largest difference {error:.2e}")


def copied(context, name, folder):
    """Our folder, written from theirs, loads in transformers without a complaint and holds the same weights."""
    out = context.path("copy-" + name)
    context.run("copy", folder, out)
    model, info = AutoModelForCausalLM.from_pretrained(out, output_loading_info=True)
    original = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    complete = not any(info.get(key) for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    same = all(torch.equal(a, b) for a, b in zip(model.parameters(), original.parameters()))
    kinds = {str(p.dtype) for p in model.parameters()}
    context.report(f"{name} folder written", complete and same and kinds == {"torch.float32"}, f"{kinds}")
    text = "Hb 13.5 g/dL <|end|> naïve"
    equal = AutoTokenizer.from_pretrained(out)(text).input_ids == AutoTokenizer.from_pretrained(folder)(text).input_ids
    context.report(f"{name} tokenizer copied", equal)
    first, second = (open(os.path.join(f, "tokenizer.json"), "rb").read() for f in (folder, out))
    context.report(f"{name} tokenizer.json verbatim", first == second)


def english(tokenizer):
    """Five batches of three pieces of the repository's own prose."""
    with open(os.path.join(REPOSITORY, "docs", "architecture.md"), encoding="utf-8") as file:
        tokens = tokenizer(file.read(), add_special_tokens=False)["input_ids"]
    pieces = [tokens[start : start + 64] for start in range(0, 15 * 64, 64)]
    pieces = [{"tokens": piece, "labels": [-100] * 7 + piece[7:]} for piece in pieces]
    return [pieces[start : start + 3] for start in range(0, 15, 3)]


def run(context):
    for tied in (True, False):
        name, folder = ("tiny tied" if tied else "tiny untied"), context.tiny(tied)
        size = AutoModelForCausalLM.from_pretrained(folder).config.vocab_size
        gradients(context, name, folder, batch(size, [2, 3, 17, 64, 65, 200], 1), torch.float64)
        bfloat16(context, name, folder, [batch(size, [2, 3, 17, 64, 65, 200], 1)])
        logits(context, name, folder, batch(size, [150], 2)[0]["tokens"], torch.float64, 1e-5)
        copied(context, name.replace(" ", "-"), folder)
    folder = context.real()
    if not folder:
        return context.skip("real model", "its folder is not here")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = [
        "What are the symptoms of asthma? Shortness of breath, wheezing and coughing, often worse at night.",
        "Explain hypertension. Blood pressure that stays above 140/90 mmHg strains the heart and the arteries.",
        "List three causes of anaemia: loss of blood, lack of iron, and chronic disease of the kidneys.",
    ]
    sequences = [tokenizer(text).input_ids for text in texts]
    sequences = [{"tokens": ids, "labels": [-100] * 7 + ids[7:]} for ids in sequences]
    gradients(context, "real", folder, sequences, torch.float32)
    bfloat16(context, "real", folder, english(tokenizer))
    logits(context, "real", folder, sequences[0]["tokens"], torch.float32, 2e-3)
    copied(context, "real", folder)
