"""read.py PLAIN CIPHER VERBATIM: opens by Alibaba's SDK what kms-encrypt made of PLAIN, as the samples' programs do."""

import sys
from base64 import b64decode
from pathlib import Path

from kms import decrypt

plain, cipher, verbatim = map(Path, sys.argv[1:])
# cmk_decrypt.py of alibabacloud-kms-demo decodes, the program of the document does not.
assert b64decode(decrypt(cipher.read_text())) == plain.read_bytes(), cipher
assert decrypt(verbatim.read_text()) == plain.read_text(), verbatim
print("2 files")
