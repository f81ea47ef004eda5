import os
import urllib.error
import urllib.request

import oss2
from claims import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, OSS_ENDPOINT, REGION, check, claim, equal, raised

AUTH = oss2.AuthV4(ACCESS_KEY_ID, ACCESS_KEY_SECRET)
KEY = "päth/a b+c&d='e'(1)!.bin"
CONTENT = os.urandom(300_000)


def bucket_of(auth=AUTH, name=BUCKET):
    return oss2.Bucket(auth, OSS_ENDPOINT, name, region=REGION)


bucket = bucket_of()


def read(key, **options):
    """The bytes; the client compares their CRC-64 with the header."""
    return bucket.get_object(key, **options).read()


def status_of(request):
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code


@claim("a bucket is made, listed and described")
def _():
    bucket.create_bucket()
    service = oss2.Service(AUTH, OSS_ENDPOINT, region=REGION)
    equal([found.name for found in oss2.BucketIterator(service, prefix=BUCKET)], [BUCKET])
    equal(bucket.get_bucket_info().name, BUCKET)
    equal(bucket.get_bucket_location().location, f"oss-{REGION}")


@claim("put, head and get bring back bytes, type and metadata")
def _():
    put = bucket.put_object(KEY, CONTENT, headers={"Content-Type": "image/x-odd", "x-oss-meta-owner": "someone"})
    head = bucket.head_object(KEY)
    equal((head.content_type, head.headers["x-oss-meta-owner"]), ("image/x-odd", "someone"))
    equal((head.etag, head.server_crc), (put.etag, put.crc))
    equal(read(KEY), CONTENT)


@claim("an object from a stream of unknown length")
def _():
    bucket.put_object("streamed", iter([CONTENT[:1000], CONTENT[1000:]]))
    equal(read("streamed"), CONTENT)


@claim("a range, as the standard has it and as OSS has it")
def _():
    equal(read(KEY, byte_range=(5, 9)), CONTENT[5:10])
    equal(read(KEY, byte_range=(None, 7)), CONTENT[-7:])
    beyond = (5, len(CONTENT))
    equal(read(KEY, byte_range=beyond), CONTENT)
    equal(read(KEY, byte_range=beyond, headers={"x-oss-range-behavior": "standard"}), CONTENT[5:])


@claim("conditions: PreconditionFailed and NotModified")
def _():
    etag = bucket.head_object(KEY).etag
    error = raised(oss2.exceptions.PreconditionFailed, lambda: read(KEY, headers={"If-Match": '"0"'}))
    equal(error.details["Condition"], "If-Match")
    raised(oss2.exceptions.NotModified, lambda: read(KEY, headers={"If-None-Match": f'"{etag}"'}))


@claim("listing by prefix, delimiter and page")
def _():
    names = ["list/1", "list/2", "list/deep/3", "list/ü"]
    for name in names:
        bucket.put_object(name, name)
    equal([found.key for found in oss2.ObjectIteratorV2(bucket, prefix="list/", max_keys=1)], names)
    equal([found.key for found in oss2.ObjectIterator(bucket, prefix="list/", max_keys=2)], names)
    folders = [found.key for found in oss2.ObjectIterator(bucket, prefix="list/", delimiter="/") if found.is_prefix()]
    equal(folders, ["list/deep/"])


@claim("a multipart upload, its parts listed")
def _():
    upload = bucket.init_multipart_upload("multipart").upload_id
    parts = []
    for number, chunk in enumerate([CONTENT[:150_000], CONTENT[150_000:]], 1):
        result = bucket.upload_part("multipart", upload, number, chunk)
        parts.append(oss2.models.PartInfo(number, result.etag, size=len(chunk), part_crc=result.crc))
    equal([part.part_number for part in bucket.list_parts("multipart", upload).parts], [1, 2])
    equal([found.key for found in bucket.list_multipart_uploads().upload_list], ["multipart"])
    bucket.complete_multipart_upload("multipart", upload, parts)
    equal(read("multipart"), CONTENT)


@claim("an aborted upload is NoSuchUpload")
def _():
    upload = bucket.init_multipart_upload("aborted").upload_id
    bucket.abort_multipart_upload("aborted", upload)
    raised(oss2.exceptions.NoSuchUpload, lambda: bucket.upload_part("aborted", upload, 1, b"x"))


@claim("with versions, a delete hides and a versioned delete removes")
def _():
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Enabled"))
    first = bucket.put_object("versioned", "1").versionid
    second = bucket.put_object("versioned", "2").versionid
    marker = bucket.delete_object("versioned")
    equal(marker.delete_marker, True)
    raised(oss2.exceptions.NoSuchKey, lambda: read("versioned"))
    equal(read("versioned", params={"versionId": first}), b"1")
    listed = bucket.list_object_versions(prefix="versioned")
    equal([found.versionid for found in listed.versions], [second, first])
    equal([found.versionid for found in listed.delete_marker], [marker.versionid])
    bucket.delete_object("versioned", params={"versionId": marker.versionid})
    bucket.delete_object("versioned", params={"versionId": second})
    equal(read("versioned"), b"1")


@claim("a signed URL works for its key and method, and not with a parameter added")
def _():
    url = bucket.sign_url("GET", KEY, 60, slash_safe=True)
    equal(urllib.request.urlopen(url).read(), CONTENT)
    equal(status_of(url + "&more=1"), 403)
    equal(status_of(urllib.request.Request(url, method="DELETE")), 403)


@claim("a signed PUT binds its headers")
def _():
    url = bucket.sign_url("PUT", "signed", 60, headers={"Content-Type": "text/x-odd"})
    put = urllib.request.Request(url, b"signed", {"Content-Type": "text/x-odd"}, method="PUT")
    equal(status_of(put), 200)
    other = urllib.request.Request(url, b"signed", {"Content-Type": "text/plain"}, method="PUT")
    equal(status_of(other), 403)


@claim("a missing key, of get and of head, and a missing bucket")
def _():
    error = raised(oss2.exceptions.NoSuchKey, lambda: read("missing"))
    equal((error.status, error.code, error.details["Key"], error.ec), (404, "NoSuchKey", "missing", "0026-00000001"))
    equal(raised(oss2.exceptions.NoSuchKey, lambda: bucket.head_object("missing")).status, 404)
    missing = bucket_of(name=f"{BUCKET}-missing")
    raised(oss2.exceptions.NoSuchBucket, lambda: missing.get_object("x"))


@claim("a full bucket is BucketNotEmpty")
def _():
    raised(oss2.exceptions.BucketNotEmpty, bucket.delete_bucket)


@claim("a wrong secret is SignatureDoesNotMatch, an unknown key InvalidAccessKeyId")
def _():
    wrong = bucket_of(oss2.AuthV4(ACCESS_KEY_ID, "wrong"))
    equal(raised(oss2.exceptions.SignatureDoesNotMatch, lambda: wrong.get_object(KEY)).status, 403)
    unknown = bucket_of(oss2.AuthV4("LTAIunknown", ACCESS_KEY_SECRET))
    equal(raised(oss2.exceptions.ServerError, lambda: unknown.get_object(KEY)).code, "InvalidAccessKeyId")


@claim("signature V1 is refused, in header and in URL")
def _():
    v1 = bucket_of(oss2.Auth(ACCESS_KEY_ID, ACCESS_KEY_SECRET))
    error = raised(oss2.exceptions.AccessDenied, lambda: v1.get_object(KEY))
    equal((error.status, error.ec), (403, "0002-00000080"))
    equal(status_of(v1.sign_url("GET", KEY, 60, slash_safe=True)), 403)


check(f"oss2 {oss2.__version__}")
