"""Alibaba's SDK for Python that the samples were written with (aliyun-python-sdk-kms), and the KMS that the environment names."""

import json
import os

from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120 import (
    CreateAliasRequest,
    CreateKeyRequest,
    DecryptRequest,
    EncryptRequest,
    GenerateDataKeyRequest,
)

ALIAS = "alias/interop-formats"
client = AcsClient(os.environ["ACCESS_KEY_ID"], os.environ["ACCESS_KEY_SECRET"], os.environ["REGION"], auto_retry=False)


def call(module, **parameters):
    """The parsed answer; the action is named as its module is."""
    request = getattr(module, module.__name__.rsplit(".", 1)[1])()
    request.set_endpoint(os.environ["KMS_ENDPOINT"].split("//")[1])
    request.set_protocol_type("http")
    request.set_accept_format("json")
    for name, value in parameters.items():
        getattr(request, f"set_{name}")(value)
    return json.loads(client.do_action_with_exception(request))


def make_key():
    key = call(CreateKeyRequest, Description="formats")["KeyMetadata"]["KeyId"]
    call(CreateAliasRequest, AliasName=ALIAS, KeyId=key)


def generate(context, size=32):
    """`context`: the text, as the programs give it; None for none."""
    more = {"EncryptionContext": context} if context else {}
    return call(GenerateDataKeyRequest, KeyId=ALIAS, NumberOfBytes=size, **more)


def encrypt(plaintext):
    return call(EncryptRequest, KeyId=ALIAS, Plaintext=plaintext)["CiphertextBlob"]


def decrypt(blob):
    return call(DecryptRequest, CiphertextBlob=blob)["Plaintext"]
