"""Client-side encryption of oss2 by KMS: objects that it writes, opened by our command line. OLD_OSS2: where 2.6.1 is installed."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

from ours import kms, make_key, opened, run  # isort: skip
import oss2
from claims import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, OSS_ENDPOINT, REGION, check, claim, equal

ANYWAY = "--accept-unauthenticated"
AUTH = oss2.AuthV4(ACCESS_KEY_ID, ACCESS_KEY_SECRET)

made = {}


def bucket_of(**options):
    provider = oss2.AliKMSProvider(ACCESS_KEY_ID, ACCESS_KEY_SECRET, REGION, made["key"], **options)
    provider.kms_client = kms()
    return oss2.CryptoBucket(AUTH, OSS_ENDPOINT, BUCKET, crypto_provider=provider, region=REGION)


def check_opens(key, content, **environment):
    found = opened("oss-cse", f"oss://{BUCKET}/{key}", ANYWAY, **environment)
    equal((len(found), sha256(found).hexdigest()), (len(content), sha256(content).hexdigest()))


@claim("objects of 0 to 300,000 bytes open")
def _():
    made["key"] = make_key()
    made["bucket"] = oss2.Bucket(AUTH, OSS_ENDPOINT, BUCKET, region=REGION)
    made["bucket"].create_bucket()
    for size in [0, 1, 17, 300_000]:
        content = os.urandom(size)
        bucket_of().put_object(f"of-{size}", content)
        check_opens(f"of-{size}", content)


@claim("an object of three parts opens")
def _():
    content, part = os.urandom(250_000), 102_400
    bucket = bucket_of(mat_desc={"which": "this one"})
    context = oss2.models.MultipartUploadCryptoContext(len(content), part)
    upload = bucket.init_multipart_upload("parts", upload_context=context).upload_id
    parts = []
    for number, at in enumerate(range(0, len(content), part), 1):
        etag = bucket.upload_part("parts", upload, number, content[at : at + part], upload_context=context).etag
        parts.append(oss2.models.PartInfo(number, etag))
    bucket.complete_multipart_upload("parts", upload, parts)
    check_opens("parts", content)


@claim("an object under a passphrase opens with it only")
def _():
    content = os.urandom(1000)
    bucket_of(passphrase="a passphrase").put_object("passphrase", content)
    check_opens("passphrase", content, ENVELOPE_OSS_CSE_PASSPHRASE="a passphrase")
    ended = run("open", f"oss://{BUCKET}/passphrase", "--format", "oss-cse", ANYWAY, "-o", "-")
    equal((ended.returncode, ended.stdout), (4, b""))


@claim("nothing opens unless it is accepted that nothing proves it")
def _():
    ended = run("open", f"oss://{BUCKET}/of-17", "--format", "oss-cse", "-o", "-")
    equal((ended.returncode, ended.stdout), (4, b""))
    assert b"unauthenticated" in ended.stderr, ended.stderr


@claim("inspect is certain of it")
def _():
    found = run("--json", "inspect", f"oss://{BUCKET}/of-17").stdout.decode()
    assert '"oss-cse"' in found and '"certain"' in found, found


@claim("an object that oss2 2.6.1 encrypted opens, its names and its decimal counter too")
def _():
    for passphrase in ["", "a passphrase"]:
        environment = {**os.environ, "PYTHONPATH": os.environ["OLD_OSS2"]}
        script = [sys.executable, "-B", str(Path(__file__).with_name("old_oss2.py")), made["key"], passphrase]
        old = json.loads(subprocess.run(script, env=environment, check=True, capture_output=True).stdout)
        equal(old["version"], "2.6.1")
        made["bucket"].put_object("old", b64decode(old["content"]), headers=old["headers"])
        check_opens("old", b64decode(old["plaintext"]), ENVELOPE_OSS_CSE_PASSPHRASE=passphrase)


check(f"oss2 {oss2.__version__} and 2.6.1, client-side encryption")
