"""By oss2 before 2.7 (PYTHONPATH): what its client-side encryption would upload, as JSON. It signs by V1 only: others upload."""

import base64
import json
import os
import sys

from ours import REGION, kms  # isort: skip
import oss2
from oss2.crypto import AliKMSProvider

key_id, passphrase = sys.argv[1:]


class Recorder:
    def put_object(self, key, data, headers, progress_callback):
        self.content, self.headers = data.read(), dict(headers)


provider = AliKMSProvider("id", "secret", REGION, key_id, passphrase=passphrase)
provider.clt = kms()
bucket = oss2.CryptoBucket(oss2.Auth("id", "secret"), "http://localhost", "bucket", crypto_provider=provider)
bucket.bucket = Recorder()
plaintext = os.urandom(100_001)
bucket.put_object("key", plaintext)
content, headers = bucket.bucket.content, bucket.bucket.headers
texts = {"content": base64.b64encode(content).decode(), "plaintext": base64.b64encode(plaintext).decode()}
print(json.dumps({"version": oss2.__version__, "headers": headers, **texts}))
