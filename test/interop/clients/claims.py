"""Claims of one client: each is a function, checked in the order in which they were written."""

import os
import sys
import traceback

CLAIMS = []


def claim(text):
    def remember(function):
        CLAIMS.append((text, function))
        return function

    return remember


def check(client):
    """Prints a line for each claim; the first that does not hold ends the process."""
    print(f"client: {client}")
    for text, function in CLAIMS:
        try:
            function()
        except Exception:
            print(f"does not hold: {text}")
            traceback.print_exc()
            sys.exit(1)
        print(f"holds: {text}")


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")


def raised(kind, call):
    """The exception of exactly this class that the call raises."""
    try:
        call()
    except kind as error:
        equal(type(error), kind)
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


OSS_ENDPOINT = os.environ["OSS_ENDPOINT"]
KMS_HOST = os.environ["KMS_ENDPOINT"].removeprefix("http://")
ACCESS_KEY_ID = os.environ["ACCESS_KEY_ID"]
ACCESS_KEY_SECRET = os.environ["ACCESS_KEY_SECRET"]
ACCOUNT_ID = os.environ["ACCOUNT_ID"]
REGION = os.environ["REGION"]
BUCKET = os.environ["BUCKET"]
