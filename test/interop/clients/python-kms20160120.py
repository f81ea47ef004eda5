import base64
import sys
from importlib.metadata import version

from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils_models import Config
from claims import ACCESS_KEY_ID, ACCESS_KEY_SECRET, ACCOUNT_ID, BUCKET, KMS_HOST, REGION, check, claim, equal, raised

SIGNATURE = sys.argv[1]
ALIAS = f"alias/{BUCKET}"
CONTEXT = {"bucket": "inbox", "key": "ü/'*()!~ +&="}


# The client's name for the signature V1 of the RPC style is v2; its default is ACS3-HMAC-SHA256.
ALGORITHM = {"V1": "v2", "ACS3": None}[SIGNATURE]


def client_of(**changed):
    keys = {"access_key_id": ACCESS_KEY_ID, "access_key_secret": ACCESS_KEY_SECRET, **changed}
    settings = {**keys, "signature_algorithm": ALGORITHM}
    return Client(Config(**settings, endpoint=KMS_HOST, protocol="HTTP", region_id=REGION))


kms = client_of()
made = {}


def refused(code, status, call):
    error = raised(ClientException, call)
    equal((error.code, error.status_code, error.data["Code"]), (code, status, code))


@claim("a key is made and described")
def _():
    key = kms.create_key(models.CreateKeyRequest(description="interop")).body.key_metadata
    made["key"] = key.key_id
    found = kms.describe_key(models.DescribeKeyRequest(key_id=key.key_id)).body.key_metadata
    equal((found.description, found.key_state), ("interop", "Enabled"))
    equal(found.arn, f"acs:kms:{REGION}:{ACCOUNT_ID}:key/{key.key_id}")


@claim("an alias is made, listed and stands for its key")
def _():
    kms.create_alias(models.CreateAliasRequest(alias_name=ALIAS, key_id=made["key"]))
    listed = kms.list_aliases(models.ListAliasesRequest(page_size=100)).body.aliases.alias
    equal({alias.alias_name: alias.key_id for alias in listed}[ALIAS], made["key"])
    equal(kms.describe_key(models.DescribeKeyRequest(key_id=ALIAS)).body.key_metadata.key_id, made["key"])


@claim("a data key is generated and unwrapped under its context")
def _():
    request = models.GenerateDataKeyRequest(key_id=ALIAS, key_spec="AES_256", encryption_context=CONTEXT)
    made["data key"] = kms.generate_data_key(request).body
    equal(len(base64.b64decode(made["data key"].plaintext)), 32)
    blob = made["data key"].ciphertext_blob
    opened = kms.decrypt(models.DecryptRequest(ciphertext_blob=blob, encryption_context=CONTEXT)).body
    equal((opened.plaintext, opened.key_id), (made["data key"].plaintext, made["key"]))


@claim("a wrong context and none are InvalidParameter")
def _():
    blob = made["data key"].ciphertext_blob
    for context in [{"bucket": "other"}, None]:
        request = models.DecryptRequest(ciphertext_blob=blob, encryption_context=context)
        refused("InvalidParameter", 400, lambda: kms.decrypt(request))


@claim("an unknown key and an unknown alias are refused by name")
def _():
    key = models.DescribeKeyRequest(key_id="00000000-0000-4000-8000-000000000000")
    refused("Forbidden.KeyNotFound", 404, lambda: kms.describe_key(key))
    alias = models.DescribeKeyRequest(key_id="alias/interop-nobody")
    refused("Forbidden.AliasNotFound", 404, lambda: kms.describe_key(alias))


@claim("a wrong secret and an unknown access key are refused")
def _():
    request = models.DescribeKeyRequest(key_id=made["key"])
    wrong = client_of(access_key_secret="wrong")
    refused("IncompleteSignature", 400, lambda: wrong.describe_key(request))
    unknown = client_of(access_key_id="LTAIunknown")
    refused("InvalidAccessKeyId.NotFound", 404, lambda: unknown.describe_key(request))


check(f"alibabacloud-kms20160120 {version('alibabacloud-kms20160120')} with signatures {SIGNATURE}")
