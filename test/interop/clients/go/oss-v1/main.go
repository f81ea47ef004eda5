package main

import (
	"bytes"
	"net/http"
	"os"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
	. "oss-envelope/interop/claims"
)

const key = "päth/a b+c&d='e'(1)!.bin"

var (
	content = Content(300_000)
	client  = clientOf(AccessKeyID, AccessKeySecret)
	bucket  = Must(client.Bucket(Bucket))
)

func clientOf(accessKeyID, accessKeySecret string, options ...oss.ClientOption) *oss.Client {
	v4 := []oss.ClientOption{oss.Region(Region), oss.AuthVersion(oss.AuthV4), oss.ForcePathStyle(true)}
	return Must(oss.New(OssEndpoint, accessKeyID, accessKeySecret, append(v4, options...)...))
}

func read(name string, options ...oss.Option) []byte {
	return ReadAll(Must(bucket.GetObject(name, options...)))
}

// put returns the version id.
func put(name string, body []byte, options ...oss.Option) string {
	var header http.Header
	Done(bucket.PutObject(name, bytes.NewReader(body), append(options, oss.GetResponseHeader(&header))...))
	return header.Get("x-oss-version-id")
}

func refused(err error, status int, code string) oss.ServiceError {
	service, ok := err.(oss.ServiceError)
	if !ok {
		panic(err)
	}
	Equal([]any{service.StatusCode, service.Code, len(service.RequestID)}, []any{status, code, 24})
	return service
}

func get(client *oss.Client, bucketName, name string) error {
	body, err := Must(client.Bucket(bucketName)).GetObject(name)
	if err == nil {
		body.Close()
	}
	return err
}

func buckets() {
	Done(client.CreateBucket(Bucket))
	listed := Must(client.ListBuckets(oss.Prefix(Bucket)))
	Equal(listed.Buckets[0].Name, Bucket)
	Equal(Must(client.GetBucketInfo(Bucket)).BucketInfo.Location, "oss-"+Region)
}

func objects() {
	put(key, content, oss.ContentType("image/x-odd"), oss.Meta("owner", "someone"))
	head := Must(bucket.GetObjectDetailedMeta(key))
	Equal([]string{head.Get("Content-Type"), head.Get("x-oss-meta-owner")}, []string{"image/x-odd", "someone"})
	EqualBytes(read(key), content)
}

func ranges() {
	EqualBytes(read(key, oss.Range(5, 9)), content[5:10])
	EqualBytes(read(key, oss.NormalizedRange("300000-")), content)
	EqualBytes(read(key, oss.NormalizedRange("5-300000"), oss.RangeBehavior("standard")), content[5:])
}

func listing() {
	for _, name := range []string{"list/1", "list/2", "list/deep/3"} {
		put(name, []byte(name))
	}
	page := Must(bucket.ListObjectsV2(oss.Prefix("list/"), oss.Delimiter("/"), oss.MaxKeys(2)))
	Equal([]any{len(page.Objects), page.IsTruncated}, []any{2, true})
	token := oss.ContinuationToken(page.NextContinuationToken)
	rest := Must(bucket.ListObjectsV2(oss.Prefix("list/"), oss.Delimiter("/"), token))
	Equal(rest.CommonPrefixes, []string{"list/deep/"})
	Equal(len(Must(bucket.ListObjects(oss.Prefix("list/"))).Objects), 3)
}

func multipart() {
	file := Must(os.CreateTemp("", "interop"))
	defer os.Remove(file.Name())
	Must(file.Write(content))
	Done(file.Close())
	Done(bucket.UploadFile("multipart", file.Name(), 102_400, oss.Routines(2)))
	EqualBytes(read("multipart"), content)
}

func versions() {
	Done(client.SetBucketVersioning(Bucket, oss.VersioningConfig{Status: "Enabled"}))
	first := put("versioned", []byte("1"))
	second := put("versioned", []byte("2"))
	var header http.Header
	Done(bucket.DeleteObject("versioned", oss.GetResponseHeader(&header)))
	Equal(header.Get("x-oss-delete-marker"), "true")
	refused(get(client, Bucket, "versioned"), 404, "NoSuchKey")
	EqualBytes(read("versioned", oss.VersionId(first)), []byte("1"))
	listed := Must(bucket.ListObjectVersions(oss.Prefix("versioned")))
	Equal([]int{len(listed.ObjectVersions), len(listed.ObjectDeleteMarkers)}, []int{2, 1})
	for _, version := range []string{header.Get("x-oss-version-id"), second} {
		Done(bucket.DeleteObject("versioned", oss.VersionId(version)))
	}
	EqualBytes(read("versioned"), []byte("1"))
}

func signedURL() {
	signed := Must(bucket.SignURL(key, oss.HTTPGet, 60))
	status, body := Fetch("GET", signed)
	Equal(status, 200)
	EqualBytes(body, content)
	status, _ = Fetch("GET", signed+"&more=1")
	Equal(status, 403)
	status, _ = Fetch("DELETE", signed)
	Equal(status, 403)
}

func missing() {
	Equal(refused(get(client, Bucket, "missing"), 404, "NoSuchKey").Ec, "0026-00000001")
	Equal(Must(bucket.IsObjectExist("missing")), false)
	refused(get(client, Bucket+"-missing", key), 404, "NoSuchBucket")
}

func fullBucket() { refused(client.DeleteBucket(Bucket), 409, "BucketNotEmpty") }

func wrongKeys() {
	refused(get(clientOf(AccessKeyID, "wrong"), Bucket, key), 403, "SignatureDoesNotMatch")
	refused(get(clientOf("LTAIunknown", AccessKeySecret), Bucket, key), 403, "InvalidAccessKeyId")
}

func signatureV1() {
	v1 := clientOf(AccessKeyID, AccessKeySecret, oss.AuthVersion(oss.AuthV1))
	Equal(refused(get(v1, Bucket, key), 403, "AccessDenied").Ec, "0002-00000080")
}

func main() {
	Check("OSS Go SDK V1 "+oss.Version, []Claim{
		{"a bucket is made, listed and described", buckets},
		{"put, head and get bring back bytes, type and metadata", objects},
		{"a range, as the standard has it and as OSS has it", ranges},
		{"listing by prefix, delimiter and page", listing},
		{"a file uploaded in parts", multipart},
		{"with versions, a delete hides and a versioned delete removes", versions},
		{"a signed URL works for its key and method, and not with a parameter added", signedURL},
		{"a missing key and a missing bucket", missing},
		{"a full bucket is BucketNotEmpty", fullBucket},
		{"a wrong secret is SignatureDoesNotMatch, an unknown key InvalidAccessKeyId", wrongKeys},
		{"signature V1 is refused", signatureV1},
	})
}
