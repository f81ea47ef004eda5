#!/usr/bin/env python3
"""Opens envelopes of functions/envelope/FORMAT.md; written from that page alone, as a second reader of the format.

    open_envelope.py vectors FILE.json
    open_envelope.py open FILE --key HEX [--bucket B --name K]

Needs Python 3.9 and PyPI's `cryptography`. KMS is not asked: the data key is given.
"""
import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CHUNK, TAG, START = 16384, 16, 56
INFO = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
HEADERS = {"content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires",
           "x-oss-storage-class"}


class Refused(Exception):
    """A check failed; the message says which."""


def need(true, why):
    if not true:
        raise Refused(why)


def text(value, pattern):
    """Whether value is a string of which the whole matches."""
    return type(value) is str and re.fullmatch(pattern, value, re.DOTALL) is not None


def not_integer(number):
    raise ValueError(f"not a decimal integer: {number}")


def read_json(data, what):
    """Rule 3: reads, writes again in the one form, compares (which also finds duplicate names and lone surrogates)."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=not_integer, parse_constant=not_integer)
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refused(f"{what}: not JSON in the one form") from error
    need(again == data, f"{what}: not JSON in the one form")
    return value


def read_base64(data, what):
    """Padded base64 of at least one byte, in the one spelling RFC 4648 writes."""
    try:
        value = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise Refused(f"{what}: not base64") from error
    need(value and base64.b64encode(value) == data, f"{what}: not base64")
    return value


def fields(value, names, what):
    """An object of exactly these names in this order."""
    need(type(value) is dict and list(value) == names.split(), f"{what}: names")


def moment(value):
    """Whether value is a moment of the calendar as rule 4 writes it."""
    try:
        return (text(value, r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
                and datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ") is not None)
    except ValueError:
        return False


def check_place(place, what):
    need(text(place["bucket"], "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"), f"{what}.bucket")
    need(text(place["key"], ".+") and len(place["key"].encode()) <= 1023, f"{what}.key")


def check_facts(facts):
    """Rule 4."""
    fields(facts, "algorithm vault inbox sealedAt", "facts")
    need(facts["algorithm"] == "cobblestone-256", "facts: algorithm")
    fields(facts["vault"], "bucket key", "vault")
    check_place(facts["vault"], "vault")
    inbox = facts["inbox"]
    fields(inbox, "bucket key eTag versionId size lastModified", "inbox")
    check_place(inbox, "inbox")
    need(text(inbox["eTag"], "[!-~]{1,128}") and text(inbox["versionId"], "[!-~]{1,128}"), "inbox: eTag, versionId")
    if inbox["bucket"] == "local-file":
        need(inbox["versionId"] == "none" and text(inbox["eTag"], "none|[0-9a-f]{64}"), "inbox: a file")
    need(type(inbox["size"]) is int and 0 <= inbox["size"] <= 48_800_000_000_000, "inbox: size")
    need(moment(inbox["lastModified"]) and moment(facts["sealedAt"]), "lastModified, sealedAt")
    need(inbox["lastModified"].endswith(".000Z"), "lastModified: not in whole seconds")


def check_keys(keys):
    """Rule 6."""
    need(type(keys) is list and 1 <= len(keys) <= 4, "keys: not a list of 1 to 4")
    for key in keys:
        fields(key, "provider region keyArn keyVersionId ciphertextBlob", "key")
        need(key["provider"] == "alibaba-kms" and text(key["region"], "[a-z0-9-]{1,63}"), "key: provider, region")
        arn = f"acs:kms:{key['region']}:[0-9]{{1,20}}:key/[A-Za-z0-9_-]{{1,128}}"
        need(text(key["keyArn"], arn) and text(key["keyVersionId"], "[!-~]{1,128}"), "key: keyArn, keyVersionId")
        need(text(key["ciphertextBlob"], "[!-~]{1,8192}"), "key: ciphertextBlob")
        read_base64(key["ciphertextBlob"].encode(), "ciphertextBlob")


def check_metadata(metadata):
    """Rule 5."""
    fields(metadata, "headers userMetadata tags", "metadata")
    for part, pairs in metadata.items():
        need(type(pairs) is list, f"{part}: not a list")
        for pair in pairs:
            need(type(pair) is list and len(pair) == 2 and all(type(s) is str for s in pair), f"{part}: not pairs")
            need(pair[0] in HEADERS if part == "headers" else 1 <= len(pair[0].encode()) <= 8192, f"{part}: name")
            need(len(pair[1].encode()) <= 8192, f"{part}: value")
        need(len({pair[0] for pair in pairs}) == len(pairs), f"{part}: a name twice")
    need(["x-oss-storage-class", "Standard"] not in metadata["headers"], "headers: storage class")


def read_header(data):
    """Checks 1 and 2: H, and the bytes after `facts `, `metadata ` and `keys `."""
    preamble = re.fullmatch(rb"oss-envelope/1 ([0-9]{8})\n", data[:24])
    need(preamble, "preamble")
    size = int(preamble[1])
    need(4096 <= size <= 65536 and size % 4096 == 0, "header's length")
    need(len(data) >= size, "shorter than its header")
    lines = re.match(rb"facts ([^\n]*)\nmetadata ([^\n]*)\nkeys ([^\n]*)\n", data[24:size])
    need(lines, "lines")
    padding = data[24 + lines.end():size]
    need(padding == b"" or padding == b" " * (len(padding) - 1) + b"\n", "padding")
    return size, lines.groups()


def message_size(n):
    """Rule 14."""
    return START + n + TAG * (n // CHUNK + 1)


def start_message(message, data_key, context, what):
    """Rule 11 and the commitment: AES-GCM under the message's key, and its base nonce."""
    info = INFO + message[:24] + context
    derived = HKDFExpand(algorithm=SHA512(), length=76, info=info).derive(data_key)
    need(hmac.compare_digest(derived[44:], message[24:START]), f"{what}: commitment")
    return AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")


def open_chunks(message, aead, base, what):
    """Rules 12 and 13."""
    sealed = [message[at:at + CHUNK + TAG] for at in range(START, len(message), CHUNK + TAG)]
    need(sealed and TAG <= len(sealed[-1]) < CHUNK + TAG, f"{what}: no last, short chunk")
    try:
        return b"".join(aead.decrypt((base ^ k).to_bytes(12, "big"), s, None) for k, s in enumerate(sealed))
    except InvalidTag as error:
        raise Refused(f"{what}: chunk") from error


def open_envelope(data, unwrap, arns=None, place=None):
    """All checks in their order. unwrap(wrapped key, context) gives key id and data key, as KMS Decrypt would.

    arns None: any key (KMS is not asked); place None: a moved file is opened on purpose."""
    size, (line_f, line_m, line_k) = read_header(data)
    facts, keys = read_json(line_f, "facts"), read_json(line_k, "keys")
    check_facts(facts)
    check_keys(keys)
    need(place is None or place == (facts["vault"]["bucket"], facts["vault"]["key"]), "another place")
    need(len(data) == size + message_size(facts["inbox"]["size"]), "length")
    listed = [key for key in keys if arns is None or key["keyArn"] in arns]
    need(listed, "no key on the list")
    context = '{"app":"oss-envelope","facts":"%s"}' % hashlib.sha256(line_f).hexdigest()
    message = read_base64(line_m, "metadata")
    key_id, data_key = unwrap(listed[0], context)
    need(listed[0]["keyArn"].endswith(f":key/{key_id}"), "unwrapped by another key")
    need(len(data_key) == 32, "the data key is not 32 bytes")
    body = data[size:]
    aead, base = start_message(body, data_key, line_f, "body")
    need(len(message) >= START + TAG and (len(message) - START) % (CHUNK + TAG) >= TAG, "metadata: length")
    opened = open_chunks(message, *start_message(message, data_key, b"metadata\n" + line_f, "metadata"), "metadata")
    metadata = read_json(opened, "metadata")
    check_metadata(metadata)
    return {"plaintext": open_chunks(body, aead, base, "body"), "metadata": metadata, "keys": keys, "context": context,
            "place": (facts["vault"]["bucket"], facts["vault"]["key"])}


def key_holder(data_key):
    """In place of KMS: unwraps whatever it is shown to data_key."""
    return lambda wrapped, context: (wrapped["keyArn"].split(":key/")[-1], data_key)


def forgeries(data):
    """The envelope with one bit flipped, cut, or longer. Wrapped keys stay as they are: nothing vouches for them."""
    size, (line_f, line_m, line_k) = read_header(data)
    meta = 24 + len(b"facts \n") + len(line_f)
    keys = meta + len(b"metadata \n") + len(line_m)
    after = keys + len(b"keys ") + len(line_k)
    regions = [(0, 24), (24, meta), (meta, keys), (keys, keys + 5), (after, size), (size, size + 24),
               (size + 24, size + START), (size + START, len(data))]
    for start, end in regions:
        count = min(28, end - start)
        for i in range(count):
            at, forged = start + i * (end - start - 1) // max(1, count - 1), bytearray(data)
            forged[at] ^= 1 << (i + at) % 8
            yield f"bit flipped in byte {at}", bytes(forged)
    for cut in sorted({0, 23, 24, after, size - 1, size, size + 24, size + START, len(data) // 2, len(data) - 1,
                       len(data) - TAG, max(0, len(data) - CHUNK - TAG)}):
        yield f"cut to {cut} bytes", data[:cut]
    yield "a byte longer", data + b"\0"
    yield "a tag longer", data + bytes(TAG)


def run_vectors(path):
    """Opens all vectors and has their forgeries refused, by a KMS that gives the data key to whoever asks."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    vectors, refused = content["vectors"], content["refused"]
    need(vectors and refused, "no vectors")
    count = 0
    for vector in vectors:
        name = f"vector of size {vector['size']}"
        data, key = base64.b64decode(vector["envelope"], validate=True), bytes.fromhex(vector["dataKey"])
        arns = {wrapped["keyArn"] for wrapped in vector["wrappedKeys"]}
        kms = key_holder(key)
        try:
            found = open_envelope(data, kms, arns)
            open_envelope(data, kms, arns, found["place"])
        except Refused as error:
            raise Refused(f"{name}: {error}") from error
        need(found["plaintext"] == bytes((i * 31 + 7) & 255 for i in range(vector["size"])), f"{name}: plaintext")
        need(found["metadata"] == vector["metadata"], f"{name}: metadata")
        need(found["keys"] == vector["wrappedKeys"], f"{name}: wrapped keys")
        need(found["context"] == vector["encryptionContext"], f"{name}: encryption context")
        attempts = [(what, (forged, kms, arns)) for what, forged in forgeries(data)] + [
            ("another data key", (data, key_holder(bytes(32)), arns)),
            ("no key on the list", (data, kms, set())),
            ("another key id", (data, lambda wrapped, context: ("other", key), arns)),
            ("another place", (data, kms, arns, (found["place"][0], "other")))]
        for what, attempt in attempts:
            try:
                open_envelope(*attempt)
            except Refused:
                count += 1
            else:
                raise Refused(f"{name}: opened in spite of: {what}")
    for vector in refused:
        data, key = base64.b64decode(vector["envelope"], validate=True), bytes.fromhex(vector["dataKey"])
        try:
            open_envelope(data, key_holder(key))
        except Refused:
            count += 1
        else:
            raise Refused(f"opened in spite of: {vector['why']}")
    print(f"{len(vectors)} envelopes open, {count} forgeries are refused")


def main():
    parser = argparse.ArgumentParser(description="A second reader of the envelope format.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("vectors").add_argument("file")
    one = commands.add_parser("open")
    one.add_argument("file")
    one.add_argument("--key", required=True, type=bytes.fromhex, help="the data key, in hexadecimal")
    one.add_argument("--bucket")
    one.add_argument("--name")
    asked = parser.parse_args()
    try:
        if asked.command == "vectors":
            return run_vectors(asked.file)
        if (asked.bucket is None) != (asked.name is None):
            parser.error("--bucket and --name go together")
        place = None if asked.bucket is None else (asked.bucket, asked.name)
        with open(asked.file, "rb") as file:
            found = open_envelope(file.read(), key_holder(asked.key), place=place)
        sys.stdout.buffer.write(found["plaintext"])
    except Refused as error:
        sys.exit(f"Refused: {error}.")
    except OSError as error:
        sys.exit(f"Not read or written: {error}.")


if __name__ == "__main__":
    main()
