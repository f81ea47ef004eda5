"""write.py FOLDER: fresh files of every layout, under data keys and by KMS Encrypt; what is in each beside it, as .plain."""

import os
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from kms import encrypt, generate, make_key
from layouts import LAYOUTS, nonce_bytes, siv

folder = Path(sys.argv[1])
SIZES = [0, 1, 16, 1000, 3_000_001]
SECRET = "-----BEGIN PRIVATE KEY-----\n" + b64encode(os.urandom(900)).decode() + "\n-----END PRIVATE KEY-----\n"


def keep(name, file, plaintext):
    (folder / name).write_text(file)
    (folder / f"{name}.plain").write_bytes(plaintext)


make_key()
for layout, (name, context, write) in LAYOUTS.items():
    for size in SIZES:
        plaintext = os.urandom(size)
        key = generate(context)
        nonce = os.urandom(nonce_bytes(layout))
        file = write(key["CiphertextBlob"], b64decode(key["Plaintext"]), plaintext, nonce)
        keep(f"{name}.{layout.replace(' ', '-')}.{size}", file, plaintext)
for key_bytes in [32, 48, 64]:
    for size in SIZES:
        plaintext = os.urandom(size)
        key = generate(None, key_bytes)
        name = f"aes-siv.{key_bytes}.{size}"
        (folder / name).write_bytes(siv(b64decode(key["Plaintext"]), plaintext))
        (folder / f"{name}.plain").write_bytes(plaintext)
        (folder / f"cipherkey.{key_bytes}.{size}").write_text(key["CiphertextBlob"])
keep("kms.verbatim", encrypt(SECRET), SECRET.encode())
keep("kms.base64", encrypt(b64encode(SECRET.encode()).decode()), SECRET.encode())
