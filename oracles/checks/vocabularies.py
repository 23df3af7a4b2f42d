"""Small tokenizers of every family we claim to know, trained on the spot: nothing is downloaded."""

import copy
import io
import json
import random

import sentencepiece
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from . import texts

GPT4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
POSSESSIVE = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)
QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
# DeepSeek: one expression after another, none of which matches everywhere.
CODER = [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+"]
V3 = [
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
]
LLM = [r"[\r\n]", r"\s?[A-Za-zµÀ-ÖØ-öø-ƺͰ-ͳ]+", "\\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", "[一-龥ࠀ-一가-퟿]+"]


def corpus():
    """Text with the words and scripts of the strings that are compared."""
    source = random.Random(11)
    sentences = [
        "The patient's blood pressure isn't high; we'll measure it again in 12 weeks.",
        "What are the symptoms of asthma? Shortness of breath, wheezing and coughing.",
        "### Instruction:\nExplain hypertension.\n\n### Response:\nBlood pressure stays above 140/90 mmHg.\n",
        "naïve café Ångström straße déjà vu   3.14159 1,000,000\t10mg/dL",
        "中文漢字かな交じり文 한국어 नमस्ते ไทย العربية עברית",
        "def f(x):\n    return x ** 2  # comment\n\nfor i in range(10):\n    print(f(i))",
    ]
    return [source.choice(sentences) for _ in range(400)] + list(texts.randoms(1500, seed=3))


def split(expression):
    from tokenizers import Regex

    return pre_tokenizers.Split(Regex(expression), "isolated")


def byte_level(pre, base):
    """A byte-level tokenizer that cuts as `pre` says."""
    value = copy.deepcopy(base)
    value["pre_tokenizer"] = json.loads(pre_tokenizers.Sequence(pre).__getstate__())
    return value


def train_byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split(GPT4O), pre_tokenizers.ByteLevel(False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    return json.loads(tokenizer.to_str())


def byte_levels():
    """Byte-level tokenizers by name, each with another pre-tokenizer."""
    base = train_byte_level()
    level = pre_tokenizers.ByteLevel(False, use_regex=False)
    digits = pre_tokenizers.Digits(individual_digits=True)
    for name, steps in {
        "gpt-4o": [split(GPT4O)],
        "tekken": [split(TEKKEN)],
        "possessive": [split(POSSESSIVE)],
        "qwen3.5": [split(QWEN35)],
        "deepseek-coder": [split(e) for e in CODER] + [digits],
        "deepseek-v3": [split(e) for e in V3],
        "deepseek-llm": [split(e) for e in LLM] + [digits],
    }.items():
        yield name, byte_level(steps + [level], base)
    composing = byte_level([split(GPT4O), level], base)
    composing["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "NFC"}]}
    composing["model"]["ignore_merges"] = True
    yield "gpt-4o nfc", composing


def train_characters(normalizer, pre, fallback, vocabulary=1500):
    """A BPE over characters, with the 256 byte tokens when it falls back to them."""
    specials = ["<unk>", "<s>", "</s>"] + ([f"<0x{byte:02X}>" for byte in range(256)] if fallback else [])
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=fallback))
    if normalizer:
        tokenizer.normalizer = normalizer
    # Merges must not cross words while they are learned, or whole sentences become tokens.
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=specials, limit_alphabet=200, max_token_length=16, show_progress=False
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    value = json.loads(tokenizer.to_str())
    value["added_tokens"] = [token for token in value["added_tokens"] if token["id"] < 3]
    value["pre_tokenizer"] = json.loads(pre.__getstate__()) if pre else None
    return value


def frame(value):
    """Frames texts by <s>, as Llama's tokenizer does."""
    value["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
    }
    return value


def characters():
    """SentencePiece-style tokenizers by name, as Llama 2, Mistral and TinyLlama have them in tokenizer.json."""
    legacy = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    llama_decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    metaspace = json.loads(decoders.Metaspace().__getstate__())
    llama = frame(train_characters(legacy, None, True))
    llama["decoder"] = json.loads(llama_decoder.__getstate__())
    yield "llama-2", llama
    crossing = copy.deepcopy(llama)
    # Tokens with a space inside: merges cross the beginnings of words.
    ids = crossing["model"]["vocab"]
    for left, right in [(".", "▁T"), ("e", "▁"), ("e▁", "p")]:
        if left in ids and right in ids and left + right not in ids:
            ids[left + right] = max(ids.values()) + 1
            crossing["model"]["merges"].insert(0, [left, right])
    yield "llama-2 merging across words", crossing
    for scheme in ("first", "always", "never"):
        for cuts in (False, True):
            value = frame(train_characters(None, pre_tokenizers.Metaspace(prepend_scheme=scheme, split=cuts), True))
            value["decoder"] = copy.deepcopy(metaspace)
            value["decoder"]["prepend_scheme"] = scheme
            yield f"metaspace {scheme}{' split' if cuts else ''}", value
    for fuses in (True, False):
        value = train_characters(legacy, None, False)
        value["model"]["fuse_unk"] = fuses
        value["decoder"] = json.loads(decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()]).__getstate__())
        yield f"unknown {'fused' if fuses else 'single'}", value
    odd = copy.deepcopy(llama)
    odd["model"]["ignore_merges"] = True
    # Some bytes are missing: their characters are unknown, and the reference writes the unknown token late.
    for byte in range(0x80, 0xC0, 3):
        odd["model"]["vocab"][f"<missing{byte}>"] = odd["model"]["vocab"].pop(f"<0x{byte:02X}>")
    added = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False}
    count = max(odd["model"]["vocab"].values()) + 1
    unlearned = next(text for text in ("|im_start|", "<|im_start", "im_start|>", "<|im_") if text not in odd["model"]["vocab"])
    odd["added_tokens"] += [
        {"id": count, "content": "patient", **added},
        {"id": count + 1, "content": unlearned, **added, "normalized": False, "rstrip": True},
        {"id": count + 2, "content": " x", **added, "normalized": True, "lstrip": True},
    ]
    yield "odd", odd
    bare = copy.deepcopy(llama)
    bare["decoder"] = None
    yield "without decoder", bare


def sentencepieces(write):
    """tokenizer.model files by name; `write` puts bytes into a file and returns its path."""
    # Without the random strings: SentencePiece wants a piece for every character.
    lines = [line for text in corpus()[:400] for line in text.split("\n") if line.strip()]
    shapes = {
        "llama": dict(byte_fallback=True, remove_extra_whitespaces=False, allow_whitespace_only_pieces=True),
        "collapsing": dict(byte_fallback=True, remove_extra_whitespaces=True),
        "without prefix": dict(byte_fallback=True, add_dummy_prefix=False, remove_extra_whitespaces=False),
        "unknown": dict(byte_fallback=False, remove_extra_whitespaces=False),
        "user-defined": dict(
            byte_fallback=True, remove_extra_whitespaces=False, user_defined_symbols=["patient", "<|x|>", "12", "<|"]
        ),
        "across words": dict(byte_fallback=True, remove_extra_whitespaces=False, split_by_whitespace=False),
    }
    for name, options in shapes.items():
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_writer=model,
            model_type="bpe",
            vocab_size=900,
            hard_vocab_limit=False,
            character_coverage=0.99,
            normalization_rule_name="identity",
            num_threads=1,
            minloglevel=2,
            **options,
        )
        yield name, write(name + ".model", model.getvalue())
