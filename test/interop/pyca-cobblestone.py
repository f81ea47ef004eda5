"""Cobblestone-256 as pyca/cryptography does it: writes messages for us to open, opens messages that we sealed."""

import argparse
import base64
import hashlib
import json
import secrets
import sys
from pathlib import Path

import cryptography
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

SIZES = [0, 1, 16383, 16384, 16385, 32768, 40000]
CONTEXTS = ["", "context", "vault/报告 📦\n"]
SMALL = 64
VECTORS = Path(__file__).resolve().parent.parent / "vectors" / "pyca-cobblestone-256.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    vectors = commands.add_parser("vectors", help="write messages under fresh keys")
    vectors.add_argument("--out", type=Path, default=VECTORS, metavar="FILE.json")
    vectors.add_argument("--full", action="store_true", help="keep every ciphertext whole")
    reader = commands.add_parser("open", help="open messages that oss-envelope sealed")
    reader.add_argument("file", type=Path, metavar="FILE.json", help="one JSON object a line")
    arguments = parser.parse_args()
    if arguments.command == "vectors":
        write_vectors(arguments.out, arguments.full)
    else:
        open_messages(arguments.file)


def write_vectors(out, full):
    vectors = [vector(size, context, full) for context in CONTEXTS for size in SIZES]
    document = {
        "madeBy": {
            "tool": "pyca/cryptography",
            "version": cryptography.__version__,
            "api": "cryptography.cobblestone.Cobblestone256Encryptor",
            "script": "test/interop/pyca-cobblestone.py vectors",
        },
        "plaintext": "byte i is (i * 31 + 7) & 255",
        "fields": {
            "context": "UTF-8 text",
            "head": "the first 56 bytes of the ciphertext: salt and commitment",
            "tail": "the last 32 bytes of the ciphertext, of all of it where it is shorter",
            "ciphertext": "base64, only where it is kept whole",
        },
        "vectors": vectors,
    }
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def vector(size, context, full):
    key = secrets.token_bytes(32)
    sealed = seal(key, context.encode(), ruled(size))
    kept = {
        "size": size,
        "context": context,
        "key": key.hex(),
        "length": len(sealed),
        "sha256": hashlib.sha256(sealed).hexdigest(),
        "head": sealed[:56].hex(),
        "tail": sealed[-32:].hex(),
    }
    # One context is enough for the long ones that are kept whole: the file is read by people too.
    if full or size <= SMALL or (size <= 16385 and context == CONTEXTS[-1]):
        kept["ciphertext"] = base64.b64encode(sealed).decode()
    return kept


def seal(key, context, plaintext):
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plaintext) + encryptor.finalize()


def ruled(size):
    return bytes((i * 31 + 7) & 255 for i in range(size))


def open_messages(file):
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if not lines:
        sys.exit(f"Cannot check {file}: it holds no messages")
    for number, line in enumerate(lines, start=1):
        check(number, line)
    print(len(lines))


def check(number, line):
    name = f"message {number} ({line['size']} bytes, context {line['context']!r})"
    decryptor = Cobblestone256Decryptor(bytes.fromhex(line["key"]), line["context"].encode())
    try:
        plaintext = decryptor.update(bytes.fromhex(line["ciphertext"])) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        sys.exit(f"Cannot open {name}: {type(error).__name__} {error}")
    if plaintext != ruled(line["size"]):
        sys.exit(f"Cannot accept {name}: it opens to another plaintext")


if __name__ == "__main__":
    main()
