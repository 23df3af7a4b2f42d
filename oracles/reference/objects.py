"""Object ids, pairs and snapshot trees, computed from nothing but their description."""

import hashlib

from . import canonical

MASK = (1 << 64) - 1


def object_id(kind, data):
    """SHA-256 over the kind's preamble and the canonical bytes, in hex."""
    return hashlib.sha256(b"mdata %s v1\0" % kind.encode() + data).hexdigest()


def pair(instruction, output, input=None, system=None, turns=()):
    """The pair object; an empty input, system message or list of turns is absent."""
    value = {"kind": "pair", "v": 1, "instruction": instruction, "output": output}
    if input:
        value["input"] = input
    if system:
        value["system"] = system
    if turns:
        value["turns"] = [{"role": role, "content": content} for role, content in turns]
    return value


def pair_id(value):
    return object_id("pair", canonical.encode(value))


# Trees. A key is (12 bytes of the batch's id, row); an entry is (key, object id in hex, origin key).


def key(text):
    """The key of a full record id, `24 hex digits:row`."""
    batch, row = text.split(":")
    return bytes.fromhex(batch), int(row)


def batch_key(time, batch):
    """The key under which the tree of batches holds one: time of its first commit, then the batch id."""
    data = time.to_bytes(8, "big") + bytes.fromhex(batch)[:8]
    return data[:12], int.from_bytes(data[12:], "big")


def key_bytes(key):
    return key[0] + key[1].to_bytes(4, "big")


def mix(value):
    """The 64-bit finaliser of MurmurHash3."""
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33


def levels_ended(key):
    """How many levels, from the leaves, a node ends at after this key: five zero bits of its hash for each."""
    data = key_bytes(key)
    hashed = mix(int.from_bytes(data[:8], "big") ^ mix(int.from_bytes(data[8:], "big")))
    zeros = (hashed & -hashed).bit_length() - 1 if hashed else 64
    return zeros // 5


def varint(value):
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def leaf_bytes(entries):
    data = bytearray([0])
    start = 0
    while start < len(entries):
        end = start
        while end < len(entries) and entries[end][0][0] == entries[start][0][0]:
            end += 1
        group = entries[start:end]
        data += group[0][0][0] + varint(len(group))
        previous = 0
        for entry_key, _, _ in group:
            data += varint(entry_key[1] - previous)
            previous = entry_key[1]
        edited = [(place, origin) for place, (entry_key, _, origin) in enumerate(group) if origin != entry_key]
        data += varint(len(edited))
        expected = 0
        for place, origin in edited:
            data += varint(place - expected) + key_bytes(origin)
            expected = place + 1
        for _, content, _ in group:
            data += bytes.fromhex(content)
        start = end
    return bytes(data)


def split(items, level, last_key):
    """Cuts items into nodes of a level: one ends after each key that ends more than `level` levels."""
    nodes, node = [], []
    for item in items:
        node.append(item)
        if levels_ended(last_key(item)) > level:
            nodes.append(node)
            node = []
    return nodes + [node] if node or not nodes else nodes


def tree_root(entries):
    """Id of the root node of the tree that holds these entries, in hex."""
    entries = sorted(entries)
    nodes = [
        (node[-1][0] if node else None, object_id("node", leaf_bytes(node)), len(node))
        for node in split(entries, 0, lambda entry: entry[0])
    ]
    level = 1
    while len(nodes) > 1:
        above = []
        for children in split(nodes, level, lambda child: child[0]):
            data = bytes([level]) + b"".join(
                key_bytes(last) + bytes.fromhex(content) + varint(count) for last, content, count in children)
            above.append((children[-1][0], object_id("node", data), sum(count for _, _, count in children)))
        nodes = above
        level += 1
    return nodes[0][1]
