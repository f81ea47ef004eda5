package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	. "oss-envelope/interop/claims"
)

const key = "päth/a b+c&d='e'(1)!.bin"

var (
	ctx     = context.Background()
	bucket  = oss.Ptr(Bucket)
	content = Content(300_000)
	client  = oss.NewClient(config(AccessKeyID, AccessKeySecret))
)

// config signs with V4 unless told otherwise.
func config(accessKeyID, accessKeySecret string) *oss.Config {
	return oss.LoadDefaultConfig().
		WithRegion(Region).
		WithEndpoint(OssEndpoint).
		WithUsePathStyle(true).
		WithRetryMaxAttempts(1).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(accessKeyID, accessKeySecret))
}

// virtualHost speaks to the production name, which resolves to the local cloud.
func virtualHost() *oss.Client {
	address := Must(url.Parse(OssEndpoint))
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+address.Port())
	}
	return oss.NewClient(config(AccessKeyID, AccessKeySecret).
		WithUsePathStyle(false).
		WithEndpoint("http://oss-" + Region + ".aliyuncs.com").
		WithHttpClient(&http.Client{Transport: &http.Transport{DialContext: dial}}))
}

func get(client *oss.Client, request oss.GetObjectRequest) ([]byte, error) {
	request.Bucket = bucket
	result, err := client.GetObject(ctx, &request)
	if err != nil {
		return nil, err
	}
	return ReadAll(result.Body), nil
}

func read(request oss.GetObjectRequest) []byte { return Must(get(client, request)) }

func put(name string, body []byte) *oss.PutObjectResult {
	return Must(client.PutObject(ctx, &oss.PutObjectRequest{
		Bucket: bucket, Key: oss.Ptr(name), Body: bytes.NewReader(body),
	}))
}

func refused(err error, status int, code string) *oss.ServiceError {
	var service *oss.ServiceError
	if !errors.As(err, &service) {
		panic(err)
	}
	Equal([]any{service.StatusCode, service.Code, len(service.RequestID)}, []any{status, code, 24})
	return service
}

func buckets() {
	Must(client.PutBucket(ctx, &oss.PutBucketRequest{Bucket: bucket}))
	listed := Must(client.ListBuckets(ctx, &oss.ListBucketsRequest{Prefix: bucket}))
	Equal(oss.ToString(listed.Buckets[0].Name), Bucket)
	info := Must(client.GetBucketInfo(ctx, &oss.GetBucketInfoRequest{Bucket: bucket})).BucketInfo
	Equal(oss.ToString(info.Location), "oss-"+Region)
}

func objects() {
	Must(client.PutObject(ctx, &oss.PutObjectRequest{
		Bucket: bucket, Key: oss.Ptr(key), Body: bytes.NewReader(content),
		ContentType: oss.Ptr("image/x-odd"), Metadata: map[string]string{"owner": "someone"},
	}))
	head := Must(client.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: bucket, Key: oss.Ptr(key)}))
	Equal([]string{oss.ToString(head.ContentType), head.Metadata["owner"]}, []string{"image/x-odd", "someone"})
	EqualBytes(read(oss.GetObjectRequest{Key: oss.Ptr(key)}), content)
}

func productionName() {
	EqualBytes(Must(get(virtualHost(), oss.GetObjectRequest{Key: oss.Ptr(key)})), content)
}

func ranges() {
	part := read(oss.GetObjectRequest{Key: oss.Ptr(key), Range: oss.Ptr("bytes=5-9")})
	EqualBytes(part, content[5:10])
	beyond := oss.GetObjectRequest{Key: oss.Ptr(key), Range: oss.Ptr("bytes=300000-")}
	EqualBytes(read(beyond), content)
	beyond.RangeBehavior = oss.Ptr("standard")
	_, err := get(client, beyond)
	refused(err, 416, "InvalidRange")
}

func listing() {
	names := []string{"list/1", "list/2", "list/deep/3"}
	for _, name := range names {
		put(name, []byte(name))
	}
	pages := client.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{
		Bucket: bucket, Prefix: oss.Ptr("list/"), MaxKeys: 1,
	})
	var found []string
	for pages.HasNext() {
		for _, object := range Must(pages.NextPage(ctx)).Contents {
			found = append(found, oss.ToString(object.Key))
		}
	}
	Equal(found, names)
	folders := Must(client.ListObjectsV2(ctx, &oss.ListObjectsV2Request{
		Bucket: bucket, Prefix: oss.Ptr("list/"), Delimiter: oss.Ptr("/"),
	}))
	Equal(oss.ToString(folders.CommonPrefixes[0].Prefix), "list/deep/")
}

func multipart() {
	uploader := client.NewUploader(func(options *oss.UploaderOptions) { options.PartSize = 102_400 })
	request := &oss.PutObjectRequest{Bucket: bucket, Key: oss.Ptr("multipart")}
	result := Must(uploader.UploadFrom(ctx, request, bytes.NewReader(content)))
	Equal(result.UploadId != nil, true)
	EqualBytes(read(oss.GetObjectRequest{Key: oss.Ptr("multipart")}), content)
}

func lostUpload() {
	_, err := client.UploadPart(ctx, &oss.UploadPartRequest{
		Bucket: bucket, Key: oss.Ptr("lost"), PartNumber: 1, Body: bytes.NewReader(content),
		UploadId: oss.Ptr("0123456789ABCDEF0123456789ABCDEF"),
	})
	refused(err, 404, "NoSuchUpload")
}

func versions() {
	enabled := &oss.VersioningConfiguration{Status: oss.VersionEnabled}
	Must(client.PutBucketVersioning(ctx, &oss.PutBucketVersioningRequest{
		Bucket: bucket, VersioningConfiguration: enabled,
	}))
	first := put("versioned", []byte("1")).VersionId
	second := put("versioned", []byte("2")).VersionId
	name := oss.Ptr("versioned")
	marker := Must(client.DeleteObject(ctx, &oss.DeleteObjectRequest{Bucket: bucket, Key: name}))
	Equal(marker.DeleteMarker, true)
	_, err := get(client, oss.GetObjectRequest{Key: name})
	refused(err, 404, "NoSuchKey")
	EqualBytes(read(oss.GetObjectRequest{Key: name, VersionId: first}), []byte("1"))
	listed := Must(client.ListObjectVersions(ctx, &oss.ListObjectVersionsRequest{Bucket: bucket, Prefix: name}))
	Equal([]int{len(listed.ObjectVersions), len(listed.ObjectDeleteMarkers)}, []int{2, 1})
	for _, version := range []*string{marker.VersionId, second} {
		Must(client.DeleteObject(ctx, &oss.DeleteObjectRequest{Bucket: bucket, Key: name, VersionId: version}))
	}
	EqualBytes(read(oss.GetObjectRequest{Key: name}), []byte("1"))
}

func signedURL() {
	signed := Must(client.Presign(ctx, &oss.GetObjectRequest{Bucket: bucket, Key: oss.Ptr(key)}))
	status, body := Fetch("GET", signed.URL)
	Equal(status, 200)
	EqualBytes(body, content)
	status, _ = Fetch("GET", signed.URL+"&more=1")
	Equal(status, 403)
	status, _ = Fetch("DELETE", signed.URL)
	Equal(status, 403)
}

func missing() {
	_, err := get(client, oss.GetObjectRequest{Key: oss.Ptr("missing")})
	Equal(refused(err, 404, "NoSuchKey").EC, "0026-00000001")
	_, err = client.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: bucket, Key: oss.Ptr("missing")})
	refused(err, 404, "NoSuchKey")
	Equal(Must(client.IsObjectExist(ctx, Bucket, "missing")), false)
	Equal(Must(client.IsBucketExist(ctx, Bucket+"-missing")), false)
	_, err = client.ListObjectsV2(ctx, &oss.ListObjectsV2Request{Bucket: oss.Ptr(Bucket + "-missing")})
	refused(err, 404, "NoSuchBucket")
}

func fullBucket() {
	_, err := client.DeleteBucket(ctx, &oss.DeleteBucketRequest{Bucket: bucket})
	refused(err, 409, "BucketNotEmpty")
}

func wrongKeys() {
	_, err := get(oss.NewClient(config(AccessKeyID, "wrong")), oss.GetObjectRequest{Key: oss.Ptr(key)})
	refused(err, 403, "SignatureDoesNotMatch")
	_, err = get(oss.NewClient(config("LTAIunknown", AccessKeySecret)), oss.GetObjectRequest{Key: oss.Ptr(key)})
	Equal(refused(err, 403, "InvalidAccessKeyId").EC, "0002-00000902")
}

func signatureV1() {
	v1 := oss.NewClient(config(AccessKeyID, AccessKeySecret).WithSignatureVersion(oss.SignatureVersionV1))
	_, err := get(v1, oss.GetObjectRequest{Key: oss.Ptr(key)})
	Equal(refused(err, 403, "AccessDenied").EC, "0002-00000080")
}

func main() {
	Check("OSS Go SDK V2 "+oss.Version(), []Claim{
		{"a bucket is made, listed and described", buckets},
		{"put, head and get bring back bytes, type and metadata", objects},
		{"virtual-host style under the production name sees the same object", productionName},
		{"a range, as the standard has it and as OSS has it", ranges},
		{"listing by prefix, delimiter and page", listing},
		{"the uploader makes a multipart upload", multipart},
		{"an unknown upload is NoSuchUpload", lostUpload},
		{"with versions, a delete hides and a versioned delete removes", versions},
		{"a signed URL works for its key and method, and not with a parameter added", signedURL},
		{"a missing key, of get and of head, and a missing bucket", missing},
		{"a full bucket is BucketNotEmpty", fullBucket},
		{"a wrong secret is SignatureDoesNotMatch, an unknown key InvalidAccessKeyId", wrongKeys},
		{"signature V1 is refused", signatureV1},
	})
}
