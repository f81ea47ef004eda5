#!/usr/bin/env python3
"""Opens one envelope without a line of oss-envelope: written from FORMAT.md, whose rules the numbers are.

    pip install cryptography alibabacloud-kms20160120
    python3 reader.py FILE oss://BUCKET/KEY OUT KEY_ARN...

oss://BUCKET/KEY is where the envelope in FILE belongs, KEY_ARN are the keys of KMS that you trust. Credentials that
may kms:Decrypt are in ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, of a token,
ALIBABA_CLOUD_SECURITY_TOKEN; another KMS than the key's region has in public, as a URL, in ENVELOPE_KMS_ENDPOINT.
"""
import base64, hashlib, hmac, io, json, os, re, sys, tempfile
from datetime import datetime
from alibabacloud_kms20160120 import client, models
from alibabacloud_tea_openapi.models import Config
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CHUNK, TAG, INFO = 16384, 16, b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"

TEXT, TOKEN = rb'"(?:[^"\\]|\\.)+"', rb'"(?:[!#-[\]-~]|\\["\\]){1,128}"'
PLACE = rb'"bucket":"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]","key":%b' % TEXT
FILE = rb'"bucket":"local-file","key":%b,"eTag":"(?:none|[0-9a-f]{64})","versionId":"none"' % TEXT
INBOX = rb'(?:%b|(?!"bucket":"local-file")%b,"eTag":%b,"versionId":%b)' % (FILE, PLACE, TOKEN, TOKEN)
FACTS = (rb'{"algorithm":"cobblestone-256","vault":{%b},"inbox":{%b,"size":\d{1,14},"lastModified":"[^"]+\.000Z"},'
         rb'"sealedAt":"[^"]+"}') % (PLACE, INBOX)
HEADER = (rb'"(?:content-(?:type|encoding|disposition|language)|cache-control|expires|'
          rb'x-oss-storage-class(?!","Standard"))"')
HEADERS, PAIRS = (rb'\[(?:\[%b,(?:""|%b)\](?:,(?=\[)|(?=\])))*\]' % (name, TEXT) for name in (HEADER, TEXT))
METADATA = rb'{"headers":%b,"userMetadata":%b,"tags":%b}' % (HEADERS, PAIRS, PAIRS)
KEY = (rb'{"provider":"alibaba-kms","region":"([a-z0-9-]{1,63})","keyArn":"acs:kms:\1:\d{1,20}:key/[\w-]{1,128}",'
       rb'"keyVersionId":%b,"ciphertextBlob":"[^"]{1,8192}"}') % TOKEN
KEYS = rb'\[(?:%b(?:,(?=\{)|(?=\]$))){1,4}\]' % KEY

def need(holds, what):
    if not holds: raise ValueError(what)

def read_json(line, form):  # 3: names and their order by its form, the rest by writing it again
    need(re.fullmatch(form, line), "form")
    value = json.loads(line)
    need(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() == line, "JSON")
    return value

def read_base64(text):  # 7
    value = base64.b64decode(text)
    need(value and base64.b64encode(value) == text, "base64")
    return value

def check_facts(vault, inbox, sealed_at):  # 4, beyond the form
    need(max(len(place["key"].encode()) for place in (vault, inbox)) <= 1023, "key")
    need(inbox["size"] <= 48_800_000_000_000, "size")
    for moment in inbox["lastModified"], sealed_at:
        need(datetime.fromisoformat(moment[:-1]).isoformat(timespec="milliseconds") + "Z" == moment, "moment")

def check_metadata(metadata):  # 5, beyond the form
    for pairs in metadata.values():
        need(len(dict(pairs)) == len(pairs), "a name twice")
        need(all(len(text.encode()) <= 8192 for pair in pairs for text in pair), "a name or a value")
    return metadata

def unwrap(blob, arn, context):  # 9, and the key id of check 6
    region, key = arn.split(":")[2], arn.split("/")[1]
    scheme, host = os.environ.get("ENVELOPE_KMS_ENDPOINT", f"https://kms.{region}.aliyuncs.com").split("://")
    names = ["access_key_id", "access_key_secret", "security_token"]
    credentials = {name: os.environ.get("ALIBABA_CLOUD_" + name.upper()) for name in names}
    kms = client.Client(Config(endpoint=host, protocol=scheme.upper(), region_id=region, **credentials))
    answer = kms.decrypt(models.DecryptRequest(ciphertext_blob=blob, encryption_context=context)).body
    data_key = base64.b64decode(answer.plaintext)
    need(answer.key_id == key and len(data_key) == 32, "data key")
    return data_key

def open_message(file, size, data_key, context):  # 11 to 15
    salt, commitment = file.read(24), file.read(32)
    derived = HKDFExpand(SHA512(), 76, INFO + salt + context).derive(data_key)
    need(hmac.compare_digest(derived[44:], commitment), "commitment")
    aead, nonce = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")
    for k in range(size // CHUNK + 1):
        sealed = file.read(min(CHUNK, size - k * CHUNK) + TAG)
        yield aead.decrypt((nonce ^ k).to_bytes(12, "big"), sealed, None)

def open_envelope(file, place, trusted):
    preamble = re.fullmatch(rb"oss-envelope/1 (\d{8})\n", file.read(24))  # 1
    length = int(preamble[1]) if preamble else 0
    need(length in range(4096, 65537, 4096), "preamble")
    header = re.fullmatch(rb"facts (.+)\nmetadata (.+)\nkeys (.+)\n( *\n)?", file.read(length - 24))  # 2
    need(header, "header")
    facts, keys, sealed = read_json(header[1], FACTS), read_json(header[3], KEYS), read_base64(header[2])
    check_facts(facts["vault"], facts["inbox"], facts["sealedAt"])
    for key in keys: read_base64(key["ciphertextBlob"].encode())
    vault, size, rest = facts["vault"], facts["inbox"]["size"], len(sealed) - 56
    need(f"oss://{vault['bucket']}/{vault['key']}" == place, "place")
    body = 56 + size + TAG * (size // CHUNK + 1)  # 14
    need(os.fstat(file.fileno()).st_size == length + body, "length")
    need(known := [key for key in keys if key["keyArn"] in trusted], "none of its keys is trusted")
    context = {"app": "oss-envelope", "facts": hashlib.sha256(header[1]).hexdigest()}  # 9
    data_key = unwrap(known[0]["ciphertextBlob"], known[0]["keyArn"], context)
    need(rest >= TAG and rest % (CHUNK + TAG) >= TAG, "length of the metadata")
    inner = rest - TAG * (rest // (CHUNK + TAG) + 1)
    metadata = open_message(io.BytesIO(sealed), inner, data_key, b"metadata\n" + header[1])  # 10
    return facts, check_metadata(read_json(b"".join(metadata), METADATA)), open_message(file, size, data_key, header[1])

def main(path, place, out, *trusted):
    handle, partial = tempfile.mkstemp(dir=os.path.dirname(out) or ".")
    try:
        with open(path, "rb") as file, open(handle, "wb") as target:
            facts, metadata, chunks = open_envelope(file, place, trusted)
            target.writelines(chunks)
            target.flush(), os.fsync(handle)
        os.link(partial, out)  # under its name once all of it has verified, and over no other file
    finally:
        os.unlink(partial)
    print(json.dumps({"facts": facts, "metadata": metadata}, ensure_ascii=False, indent=1))

main(*sys.argv[1:])
