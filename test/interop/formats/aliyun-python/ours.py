"""Our command line, and Alibaba's KMS client for Python on the KMS that the environment names."""

import json
import os
import subprocess
import sys
from pathlib import Path

FORMATS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(FORMATS.parent / "clients"))

from aliyunsdkcore.client import AcsClient  # noqa: E402
from aliyunsdkkms.request.v20160120 import CreateKeyRequest  # noqa: E402
from claims import ACCESS_KEY_ID, ACCESS_KEY_SECRET, KMS_HOST, REGION  # noqa: E402


class LocalKms(AcsClient):
    """Its requests go to https://kms.REGION.aliyuncs.com otherwise."""

    def do_action_with_exception(self, request):
        request.set_endpoint(KMS_HOST)
        request.set_protocol_type("http")
        request.set_accept_format("json")
        return super().do_action_with_exception(request)


def kms():
    return LocalKms(ACCESS_KEY_ID, ACCESS_KEY_SECRET, REGION)


TRUSTED = []


def make_key():
    made = json.loads(kms().do_action_with_exception(CreateKeyRequest.CreateKeyRequest()))["KeyMetadata"]
    TRUSTED.extend(["--trust-key", made["Arn"]])
    return made["KeyId"]


def run(*arguments, stdin=b"", **environment):
    command = [str(FORMATS / "oss-envelope.sh"), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment})


def opened(name, source, *options, stdin=b"", **environment):
    """What `open` writes to standard output."""
    ended = run("open", source, "--format", name, "-o", "-", *TRUSTED, *options, stdin=stdin, **environment)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr.decode())
    return ended.stdout
