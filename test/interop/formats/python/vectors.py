"""vectors.py FILE: writes test/vectors/others-samples.json."""

import json
import sys
from importlib.metadata import version

from layouts import LAYOUTS, nonce_bytes, siv

KEY = bytes((7 * i + 1) & 255 for i in range(32))
# A wrapped key as KMS returned it in 2019, published by alicloud-envelope-encryption.
BLOB = (
    "ZDUzN2MzNTMtZGJhNC00YmEwLTk5ZTAtYzM4ZmEyZjkyOTI5Vklza29oUHNSWWVWNFhkd21DN05rQ1V2aXJFeE9nSFFBQUFBQUFBQUFBQjd6"
    "Z3o3bVBQKzZqTHd0SzdUbFgzdnBWMVlTNm1iUVFTay9vWnJZSjFwR25VdjJwSHlHUk1jbmJmdWNiVHhBS2VNT2dFR2QxSDNDWklvN0xjPQ=="
)
LARGE = 2_500_001
SIZES = [0, 1, 15, 16, 17, 31, 32, 33, 255, 1024]


def plaintext(size):
    return bytes((i * 31 + 7) & 255 for i in range(size))


def vectors():
    for layout, (name, context, write) in LAYOUTS.items():
        for size in SIZES:
            nonce = bytes((i * 17 + size) & 255 for i in range(nonce_bytes(layout)))
            file = write(BLOB, KEY, plaintext(size), nonce)
            yield {"format": name, "layout": layout, "size": size, "context": context, "file": file}


def siv_vectors():
    for key_bytes in [32, 48, 64]:
        for size in SIZES:
            file = siv(bytes(range(key_bytes)), plaintext(size))
            yield {"keyBytes": key_bytes, "size": size, "file": file.hex()}


with open(sys.argv[1], "w") as out:
    made_by = {
        "tool": "pycryptodome",
        "version": version("pycryptodome"),
        "script": "test/interop/formats/python/vectors.py",
    }
    rules = {"key": "byte i is (7 * i + 1) & 255, 32 bytes", "plaintext": "byte i is (i * 31 + 7) & 255"}
    large = {"keyBytes": 32, "size": LARGE, "tag": siv(bytes(range(32)), plaintext(LARGE))[:16].hex()}
    siv_rules = {"key": "byte i is i, keyBytes of them", "vectors": list(siv_vectors()), "large": large}
    json.dump({"madeBy": made_by, **rules, "wrappedKey": BLOB, "vectors": list(vectors()), "siv": siv_rules}, out, indent=1)
    out.write("\n")
