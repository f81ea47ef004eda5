"""The files of Alibaba's samples and of alicloud-envelope-encryption, by pycryptodome, as their programs write them."""

from base64 import b64encode

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad

CONTEXT = '{"author":"lewis carrol", "year":"1865", "publisher":"project gutenberg"}'


def text(data):
    return b64encode(data).decode()


def with_tag(mode, key, plaintext, nonce):
    cipher = AES.new(key, mode, nonce=nonce)
    ciphertext, tag = cipher.encrypt_and_digest(plaintext)
    return text(cipher.nonce), ciphertext, tag


def four_lines(mode, blob, key, plaintext, nonce=None):
    nonce, ciphertext, tag = with_tag(mode, key, plaintext, nonce)
    return "".join(line + "\n" for line in [blob, nonce, text(ciphertext), text(tag)])


def three_lines(blob, key, plaintext, nonce):
    nonce, ciphertext, tag = with_tag(AES.MODE_GCM, key, plaintext, nonce)
    return "\n".join([blob, nonce, text(ciphertext + tag)])


def five_fields(mode, blob, key, plaintext, nonce=None):
    nonce, ciphertext, tag = with_tag(mode, key, plaintext, nonce)
    return "*---*".join([text(ciphertext), blob, nonce, text(tag), CONTEXT])


def three_fields(blob, key, plaintext, iv=None):
    cipher = AES.new(key, AES.MODE_CBC, iv=iv)
    return "*---*".join([text(cipher.iv + cipher.encrypt(pad(plaintext, AES.block_size))), blob, CONTEXT])


def siv(key, plaintext):
    ciphertext, tag = AES.new(key, AES.MODE_SIV).encrypt_and_digest(plaintext)
    return tag + ciphertext


# Name: format, context, writer of (blob, key, plaintext, nonce).
LAYOUTS = {
    "kms-sample EAX": ("kms-sample", None, lambda *given: four_lines(AES.MODE_EAX, *given)),
    "kms-sample GCM": ("kms-sample", None, lambda *given: four_lines(AES.MODE_GCM, *given)),
    "kms-sample GCM, three lines": ("kms-sample", None, three_lines),
    "envelope-cbc": ("envelope-cbc", CONTEXT, three_fields),
    "envelope-gcm GCM": ("envelope-gcm", CONTEXT, lambda *given: five_fields(AES.MODE_GCM, *given)),
    "envelope-gcm EAX": ("envelope-gcm", CONTEXT, lambda *given: five_fields(AES.MODE_EAX, *given)),
}


def nonce_bytes(layout):
    return 12 if layout.endswith("three lines") else 16
