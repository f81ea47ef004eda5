// The client-side encryption of the OSS SDK for Go V2. It has no master cipher of KMS of its own: V1's fits, as in its samples.
package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	osscrypto "github.com/aliyun/aliyun-oss-go-sdk/oss/crypto"
	. "oss-envelope/interop/claims"
	"oss-envelope/interop/formats/opening"
)

var (
	ctx    = context.Background()
	bucket = oss.Ptr(Bucket)
	kms    = opening.KMS()
	master = Must(osscrypto.CreateMasterAliKms(map[string]string{"which": "this one"}, opening.NewKey(kms), kms))
	client = oss.NewClient(oss.LoadDefaultConfig().
		WithRegion(Region).
		WithEndpoint(OssEndpoint).
		WithUsePathStyle(true).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(AccessKeyID, AccessKeySecret)))
	sealing = Must(oss.NewEncryptionClient(client, master))
)

func objects() {
	Must(client.PutBucket(ctx, &oss.PutBucketRequest{Bucket: bucket}))
	for _, size := range opening.Sizes {
		key, content := fmt.Sprint("of-", size), Content(size)
		Must(sealing.PutObject(ctx, &oss.PutObjectRequest{Bucket: bucket, Key: oss.Ptr(key), Body: bytes.NewReader(content)}))
		opening.Opens(key, content)
	}
	opening.Recognised("of-300000")
}

func parts() {
	content := Content(250_001)
	upload := Must(sealing.InitiateMultipartUpload(ctx, &oss.InitiateMultipartUploadRequest{
		Bucket: bucket, Key: oss.Ptr("parts"),
		CSEPartSize: oss.Ptr(int64(opening.Parts[0])), CSEDataSize: oss.Ptr(int64(len(content))),
	}))
	var uploaded []oss.UploadPart
	at := 0
	for index, size := range opening.Parts {
		part := Must(sealing.UploadPart(ctx, &oss.UploadPartRequest{
			Bucket: bucket, Key: oss.Ptr("parts"), UploadId: upload.UploadId, PartNumber: int32(index + 1),
			Body: bytes.NewReader(content[at : at+size]), CSEMultiPartContext: upload.CSEMultiPartContext,
		}))
		uploaded = append(uploaded, oss.UploadPart{PartNumber: int32(index + 1), ETag: part.ETag})
		at += size
	}
	Must(sealing.CompleteMultipartUpload(ctx, &oss.CompleteMultipartUploadRequest{
		Bucket: bucket, Key: oss.Ptr("parts"), UploadId: upload.UploadId,
		CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: uploaded},
	}))
	opening.Opens("parts", content)
}

func uploader() {
	content := Content(400_000)
	Must(sealing.NewUploader(func(options *oss.UploaderOptions) { options.PartSize = 102_400 }).UploadFrom(
		ctx, &oss.PutObjectRequest{Bucket: bucket, Key: oss.Ptr("uploader")}, bytes.NewReader(content)))
	opening.Opens("uploader", content)
}

func main() {
	Check("alibabacloud-oss-go-sdk-v2 "+oss.Version()+", client-side encryption", []Claim{
		{"objects of 0 to 300,000 bytes open, and inspect is certain of them", objects},
		{"an object of three parts opens", parts},
		{"what its uploader wrote in parts, three at a time, opens", uploader},
	})
}
