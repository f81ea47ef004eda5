// The client-side encryption of the OSS SDK for Go V1, by its own master cipher of KMS.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
	osscrypto "github.com/aliyun/aliyun-oss-go-sdk/oss/crypto"
	. "oss-envelope/interop/claims"
	"oss-envelope/interop/formats/opening"
)

var (
	client = Must(oss.New(OssEndpoint, AccessKeyID, AccessKeySecret,
		oss.Region(Region), oss.AuthVersion(oss.AuthV4), oss.ForcePathStyle(true)))
	kms    = opening.KMS()
	bucket = bucketOf(Must(osscrypto.CreateMasterAliKms(map[string]string{"which": "this one"}, opening.NewKey(kms), kms)))
)

func bucketOf(master osscrypto.MasterCipher) *osscrypto.CryptoBucket {
	return Must(osscrypto.GetCryptoBucket(client, Bucket, osscrypto.CreateAesCtrCipher(master)))
}

func objects() {
	Done(client.CreateBucket(Bucket))
	for _, size := range opening.Sizes {
		key, content := fmt.Sprint("of-", size), Content(size)
		Done(bucket.PutObject(key, bytes.NewReader(content)))
		opening.Opens(key, content)
	}
	opening.Recognised("of-300000")
}

func parts() {
	content := Content(250_001)
	context := osscrypto.PartCryptoContext{DataSize: int64(len(content)), PartSize: int64(opening.Parts[0])}
	upload := Must(bucket.InitiateMultipartUpload("parts", &context))
	var uploaded []oss.UploadPart
	at := 0
	for index, size := range opening.Parts {
		piece := bytes.NewReader(content[at : at+size])
		uploaded = append(uploaded, Must(bucket.UploadPart(upload, piece, int64(size), index+1, context)))
		at += size
	}
	Must(bucket.CompleteMultipartUpload(upload, uploaded))
	opening.Opens("parts", content)
}

func rsaWrapped() {
	pair := Must(rsa.GenerateKey(rand.Reader, 2048))
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: Must(x509.MarshalPKIXPublicKey(&pair.PublicKey))})
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(pair)})
	master := Must(osscrypto.CreateMasterRsa(nil, string(public), string(private)))
	Done(bucketOf(master).PutObject("rsa", bytes.NewReader(Content(100))))
	opening.Refused("rsa", "RSA/NONE/PKCS1Padding")
}

func main() {
	Check("aliyun-oss-go-sdk "+oss.Version+", client-side encryption", []Claim{
		{"objects of 0 to 300,000 bytes open, and inspect is certain of them", objects},
		{"an object of three parts opens", parts},
		{"an object under an RSA key is refused by name", rsaWrapped},
	})
}
