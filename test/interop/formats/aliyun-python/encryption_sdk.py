"""
Messages of Alibaba's Encryption SDK, opened by our command line. The SDKs themselves are in no registry that we reach
(Maven Central: com.aliyun:alibabacloud-encryption-sdk-java, PyPI: aliyun-encryption-sdk): this writes, from their format's
page and sources, with the libraries that the one of Python is built on (asn1crypto, cryptography, aliyun-python-sdk-kms).
"""

import json
import os
import struct
import tempfile
from base64 import b64decode, b64encode
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from ours import TRUSTED, kms, make_key, opened, run  # isort: skip
from aliyunsdkkms.request.v20160120 import DisableKeyRequest, GenerateDataKeyRequest, ReEncryptRequest
from asn1crypto import core
from claims import ACCOUNT_ID, REGION, check, claim, equal
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

CONTEXT = {"purpose": "interop", "schlüssel": 'wert "x"', "中文": ""}
# The mode, whether it is padded, bytes of the key; by number.
ALGORITHMS = [
    (mode, padded, size)
    for mode, padded in [(modes.GCM, False), (modes.CBC, False), (modes.CBC, True), (modes.CTR, False)]
    for size in (16, 32)
]
ANYWAY = "--accept-unauthenticated"
folder = tempfile.TemporaryDirectory()


def ask(request, **parameters):
    for name, value in parameters.items():
        getattr(request, f"set_{name}")(value)
    return json.loads(kms().do_action_with_exception(request))


def arn_of(key):
    return f"acs:kms:{REGION}:{ACCOUNT_ID}:key/{key}".encode()


def data_key(key, size, context):
    """The plaintext, and what wraps it: [(name of the key, base64)]."""
    text = {"EncryptionContext": json.dumps(context)} if context else {}
    request = GenerateDataKeyRequest.GenerateDataKeyRequest()
    answer = ask(request, KeyId=key, KeySpec=f"AES_{size * 8}", **text)
    return b64decode(answer["Plaintext"]), [(arn_of(key), answer["CiphertextBlob"].encode())]


def field(data):
    return struct.pack(">I", len(data)) + data


def context_bytes(context):
    entries = sorted((name.encode(), value.encode()) for name, value in context.items())
    return struct.pack(">I", len(entries)) + b"".join(field(part) for entry in entries for part in entry) if entries else b""


def seal(key, mode, iv, plaintext, aad):
    encryptor = Cipher(algorithms.AES(key), mode(iv)).encryptor()
    if mode is modes.GCM:
        encryptor.authenticate_additional_data(aad)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return ciphertext, encryptor.tag if mode is modes.GCM else b""


def message(number, key, wrapped, context, plaintext):
    mode, padded, _ = ALGORITHMS[number - 1]
    if padded:
        padder = PKCS7(128).padder()
        plaintext = padder.update(plaintext) + padder.finalize()
    aad = context_bytes(context)
    counted = struct.pack(">III", 1, number, len(context)) + aad + struct.pack(">I", len(wrapped))
    header = counted + b"".join(field(part) for each in sorted(wrapped) for part in each)
    header_iv, iv = os.urandom(12), os.urandom(12 if mode is modes.GCM else 16)
    _, header_tag = seal(key, modes.GCM, header_iv, b"", header)
    return {"number": number, "wrapped": wrapped, "context": context, "header": (header_iv, header_tag),
            "body": (iv, *seal(key, mode, iv, plaintext, aad))}  # fmt: skip


def der(number, wrapped, context, header, body):
    class Pair(core.Sequence):
        _fields = [("first", core.OctetString), ("second", core.OctetString)]

    class Pairs(core.SetOf):
        _child_spec = Pair

    class Head(core.Sequence):
        _fields = [("version", core.Integer), ("algorithm", core.Integer), ("keys", Pairs), ("context", Pairs),
                   ("iv", core.OctetString), ("tag", core.OctetString)]  # fmt: skip

    class Body(core.Sequence):
        _fields = [("iv", core.OctetString), ("ciphertext", core.OctetString), ("tag", core.OctetString)]

    class Message(core.Sequence):
        _fields = [("head", Head), ("body", Body)]

    pairs = lambda entries: [{"first": first, "second": second} for first, second in entries]  # noqa: E731
    keys = pairs((name, b64decode(blob)) for name, blob in wrapped)
    # A set without elements is dropped otherwise.
    entries = pairs((k.encode(), v.encode()) for k, v in context.items()) or Pairs(contents=b"")
    head = dict(zip(["version", "algorithm", "keys", "context", "iv", "tag"], [1, number, keys, entries, *header]))
    return Message({"head": head, "body": dict(zip(["iv", "ciphertext", "tag"], body))}).dump()


def stream(number, wrapped, context, header, body):
    keys = struct.pack(">I", len(wrapped)) + b"".join(field(part) for each in wrapped for part in each)
    head = struct.pack(">II", 1, number) + field(context_bytes(context)) + keys + b"".join(map(field, header))
    iv, ciphertext, tag = body
    return head + struct.pack("<I", len(iv)) + iv + ciphertext + tag


LAYOUTS = {"encryption-sdk": der, "encryption-sdk-stream": stream}


def write(layout, *given):
    path = Path(folder.name, layout)
    path.write_bytes(LAYOUTS[layout](**message(*given)))
    return str(path)


def check_opens(layout, content, file, *options):
    found = opened(layout, file, *options)
    equal((len(found), sha256(found).digest()), (len(content), sha256(content).digest()))


for layout in LAYOUTS:

    @claim(f"{layout}: GCM opens, with a context and without, of 0 to 3,000,001 bytes")
    def _(layout=layout):
        master = make_key()
        for number, size, context in [(1, 0, CONTEXT), (2, 1, {}), (2, 3_000_001, CONTEXT)]:
            content = os.urandom(size)
            key, wrapped = data_key(master, ALGORITHMS[number - 1][2], context)
            check_opens(layout, content, write(layout, number, key, wrapped, context, content))

    @claim(f"{layout}: CBC, padded or not, and CTR open where that is accepted, and only there")
    def _(layout=layout):
        master = make_key()
        for number in range(3, 9):
            content = os.urandom(100_000 if number < 5 else 100_001)
            key, wrapped = data_key(master, ALGORITHMS[number - 1][2], CONTEXT)
            file = write(layout, number, key, wrapped, CONTEXT, content)
            check_opens(layout, content, file, ANYWAY)
        ended = run("open", file, "--format", layout, "-o", "-")
        equal((ended.returncode, ended.stdout), (4, b""))

    @claim(f"{layout}: where the first of two keys is disabled, the second opens")
    def _(layout=layout):
        first, second = make_key(), make_key()
        key, wrapped = data_key(first, 32, CONTEXT)
        context = json.dumps(CONTEXT)
        again = ask(ReEncryptRequest.ReEncryptRequest(), CiphertextBlob=wrapped[0][1].decode(), DestinationKeyId=second,
                    SourceEncryptionContext=context, DestinationEncryptionContext=context)  # fmt: skip
        both = [*wrapped, (arn_of(second), again["CiphertextBlob"].encode())]
        ask(DisableKeyRequest.DisableKeyRequest(), KeyId=first)
        check_opens(layout, b"hello", write(layout, 2, key, both, CONTEXT, b"hello"))
        ended = run("open", write(layout, 2, key, wrapped, CONTEXT, b"hello"), "--format", layout, "-o", "-")
        equal((ended.returncode, ended.stdout), (5, b""))

    @claim(f"{layout}: a changed last byte opens nothing; inspect is certain of it")
    def _(layout=layout):
        key, wrapped = data_key(make_key(), 32, CONTEXT)
        file = Path(write(layout, 2, key, wrapped, CONTEXT, os.urandom(2_000_000)))
        found = run("--json", "inspect", str(file)).stdout.decode()
        assert f'"{layout}"' in found and '"certain"' in found, found
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        ended = run("open", str(file), "--format", layout, "-o", "-", *TRUSTED)
        equal((ended.returncode, ended.stdout), (4, b""))


check(f"asn1crypto {version('asn1crypto')} and cryptography {version('cryptography')}, as Alibaba's Encryption SDK writes")
