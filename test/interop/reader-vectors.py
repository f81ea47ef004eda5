#!/usr/bin/env python3
"""Has both readers in Python open the vectors, and refuse what must be refused and each flipped bit of a header.

    reader-vectors.py VECTORS.json

functions/envelope/reader.py runs as it stands there; in place of KMS is what unwraps a blob only as it was wrapped and
for the facts that it was wrapped for.
"""
import base64
import json
import re
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import open_envelope

# Of the key version "v-1": FORMAT.md, "What may change unnoticed".
FLIPS_OF_V1 = 19


def load_reader():
    """Its functions, without Alibaba's SDK and without its last line."""
    for name in ("alibabacloud_kms20160120", "alibabacloud_tea_openapi.models"):
        sys.modules[name] = ModuleType(name)
        sys.modules[name].client = sys.modules[name].models = sys.modules[name].Config = None
    sys.modules["alibabacloud_tea_openapi"] = ModuleType("alibabacloud_tea_openapi")
    source = Path("functions/envelope/reader.py").read_text(encoding="utf-8")
    start, _, end = source.rpartition("\n\n")
    assert end == "main(*sys.argv[1:])\n"
    reader = ModuleType("reader")
    exec(compile(start, "reader.py", "exec"), reader.__dict__)
    return reader


def context_of(data):
    return open_envelope.hashlib.sha256(re.search(rb"\nfacts ([^\n]*)", data)[1]).hexdigest()


def wrapped_in(data):
    """What KMS would unwrap, by the list of keys as a person would write it down."""
    keys = re.findall(rb'"keyArn":"([^"]*)"[^}]*"ciphertextBlob":"([^"]*)"', data)
    return {arn.decode(): (blob.decode(), context_of(data)) for arn, blob in keys}


def by_stranger(data, key, wrapped, place):
    def unwrap(chosen, context):
        known = wrapped[chosen["keyArn"]] == (chosen["ciphertextBlob"], json.loads(context)["facts"])
        open_envelope.need(known, "KMS refuses")
        return chosen["keyArn"].split("/")[-1], key
    found = open_envelope.open_envelope(data, unwrap, wrapped, place)
    return found["plaintext"], found["metadata"]


def by_reader(reader, file):
    def opened(data, key, wrapped, place):
        def unwrap(blob, arn, context):
            reader.need(wrapped[arn] == (blob, context["facts"]), "KMS refuses")
            return key
        reader.unwrap = unwrap
        file.seek(0)
        file.truncate()
        file.write(data)
        file.flush()
        file.seek(0)
        _, metadata, chunks = reader.open_envelope(file, f"oss://{place[0]}/{place[1]}", list(wrapped))
        return b"".join(chunks), metadata
    return opened


def refuses(opened, *attempt):
    try:
        opened(*attempt)
    except Exception:
        return True
    return False


def check(name, opened, vectors, refused):
    for vector in vectors:
        data, key = base64.b64decode(vector["envelope"]), bytes.fromhex(vector["dataKey"])
        place = place_of(data)
        plaintext, metadata = opened(data, key, wrapped_in(data), place)
        assert plaintext == bytes((i * 31 + 7) & 255 for i in range(vector["size"])), f"{name}: {place}: plaintext"
        assert metadata == vector["metadata"], f"{name}: {place}: metadata"
    for vector in refused:
        data, key = base64.b64decode(vector["envelope"]), bytes.fromhex(vector["dataKey"])
        assert refuses(opened, data, key, wrapped_in(data), ("my-vault", "hello.txt")), f"{name} opens: {vector['why']}"
    return flips(name, opened, vectors[1])


def place_of(data):
    vault = json.loads(re.search(rb"\nfacts ([^\n]*)", data)[1])["vault"]
    return vault["bucket"], vault["key"]


def flips(name, opened, vector):
    """Each bit of the header; those of the key version that pass are counted."""
    data, key = base64.b64decode(vector["envelope"]), bytes.fromhex(vector["dataKey"])
    wrapped, place, free = wrapped_in(data), place_of(data), []
    for bit in range(4096 * 8):
        forged = bytearray(data)
        forged[bit >> 3] ^= 1 << (bit & 7)
        if not refuses(opened, bytes(forged), key, wrapped, place):
            free.append(bit >> 3)
    start = data.index(b'"keyVersionId":"') + len('"keyVersionId":"')
    assert all(start <= at < start + 3 for at in free), f"{name}: opens with a flip at {free}"
    assert len(free) == FLIPS_OF_V1, f"{name}: {len(free)} flips open"
    return 4096 * 8 - len(free)


def main(path):
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    vectors, refused = content["vectors"], content["refused"]
    with tempfile.TemporaryFile() as file:
        for name, opened in {"reader.py": by_reader(load_reader(), file), "open_envelope.py": by_stranger}.items():
            flipped = check(name, opened, vectors, refused)
    print(f"{len(vectors)} envelopes open, {len(refused)} vectors and {flipped} flipped bits are refused, by 2 readers")


main(*sys.argv[1:])
