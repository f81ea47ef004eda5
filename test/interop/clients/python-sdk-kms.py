import base64
import json
from importlib.metadata import version

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkkms.request.v20160120 import (
    CreateAliasRequest,
    CreateKeyRequest,
    DecryptRequest,
    DescribeKeyRequest,
    GenerateDataKeyRequest,
    ListAliasesRequest,
)
from claims import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, KMS_HOST, REGION, check, claim, equal, raised

ALIAS = f"alias/{BUCKET}"
CONTEXT = json.dumps({"bucket": "inbox", "key": "ü/'*()!~ +&="})

made = {}


def client_of(key_id=ACCESS_KEY_ID, secret=ACCESS_KEY_SECRET):
    return AcsClient(key_id, secret, REGION, auto_retry=False)


def call(module, client=client_of(), **parameters):
    """The parsed answer; the action is named as its module is."""
    request = getattr(module, module.__name__.rsplit(".", 1)[1])()
    request.set_endpoint(KMS_HOST)
    request.set_protocol_type("http")
    request.set_accept_format("json")
    for name, value in parameters.items():
        getattr(request, f"set_{name}")(value)
    return json.loads(client.do_action_with_exception(request))


def refused(code, status, *request, **parameters):
    error = raised(ServerException, lambda: call(*request, **parameters))
    equal((error.get_error_code(), error.get_http_status()), (code, status))


@claim("a key is made and described")
def _():
    made["key"] = call(CreateKeyRequest, Description="interop")["KeyMetadata"]["KeyId"]
    found = call(DescribeKeyRequest, KeyId=made["key"])["KeyMetadata"]
    equal((found["Description"], found["KeyState"]), ("interop", "Enabled"))


@claim("an alias is made, listed and stands for its key")
def _():
    call(CreateAliasRequest, AliasName=ALIAS, KeyId=made["key"])
    listed = call(ListAliasesRequest, PageSize=100)["Aliases"]["Alias"]
    equal({alias["AliasName"]: alias["KeyId"] for alias in listed}[ALIAS], made["key"])
    equal(call(DescribeKeyRequest, KeyId=ALIAS)["KeyMetadata"]["KeyId"], made["key"])


@claim("a data key is generated and unwrapped under its context")
def _():
    made["data key"] = call(GenerateDataKeyRequest, KeyId=ALIAS, KeySpec="AES_256", EncryptionContext=CONTEXT)
    equal(len(base64.b64decode(made["data key"]["Plaintext"])), 32)
    opened = call(DecryptRequest, CiphertextBlob=made["data key"]["CiphertextBlob"], EncryptionContext=CONTEXT)
    equal((opened["Plaintext"], opened["KeyId"]), (made["data key"]["Plaintext"], made["key"]))


@claim("a wrong context and none are InvalidParameter")
def _():
    blob = made["data key"]["CiphertextBlob"]
    refused("InvalidParameter", 400, DecryptRequest, CiphertextBlob=blob, EncryptionContext='{"bucket":"other"}')
    refused("InvalidParameter", 400, DecryptRequest, CiphertextBlob=blob)


@claim("an unknown key and an unknown alias are refused by name")
def _():
    refused("Forbidden.KeyNotFound", 404, DescribeKeyRequest, KeyId="00000000-0000-4000-8000-000000000000")
    refused("Forbidden.AliasNotFound", 404, DescribeKeyRequest, KeyId="alias/interop-nobody")


@claim("an unknown access key is refused")
def _():
    unknown = client_of(key_id="LTAIunknown")
    refused("InvalidAccessKeyId.NotFound", 404, DescribeKeyRequest, unknown, KeyId=made["key"])


@claim("a wrong secret is refused")
def _():
    wrong = client_of(secret="wrong")
    refused("IncompleteSignature", 400, DescribeKeyRequest, wrong, KeyId=made["key"])


check(f"aliyun-python-sdk-kms {version('aliyun-python-sdk-kms')}")
