// Package opening has our command line open what was written to the local OSS, under a key of the local KMS.
package opening

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	. "oss-envelope/interop/claims"
)

var (
	kmsAddress = Must(url.Parse(os.Getenv("KMS_ENDPOINT")))
	// The sizes that objects have in both claims: around a block, and more than a piece.
	Sizes = []int{0, 1, 15, 16, 17, 300_000}
	// Parts of an object: the smallest that OSS takes, then the rest.
	Parts = []int{102_400, 102_400, 45_201}
)

type local struct{}

// RoundTrip leads what goes to https://kms.REGION.aliyuncs.com to the local KMS.
func (local) RoundTrip(request *http.Request) (*http.Response, error) {
	request.URL.Scheme, request.URL.Host = kmsAddress.Scheme, kmsAddress.Host
	return http.DefaultTransport.RoundTrip(request)
}

// KMS is the client that the master ciphers of the SDKs take.
func KMS() *kms.Client {
	client := Must(kms.NewClientWithAccessKey(Region, AccessKeyID, AccessKeySecret))
	client.SetTransport(local{})
	return client
}

var trusted []string

// NewKey returns its id; from then on our command line is told to trust it.
func NewKey(client *kms.Client) string {
	request := kms.CreateCreateKeyRequest()
	request.Scheme = "https"
	made := Must(client.CreateKey(request)).KeyMetadata
	trusted = append(trusted, "--trust-key", made.Arn)
	return made.KeyId
}

// ours runs our command line: its exit code, what it wrote and what it said.
func ours(arguments ...string) (int, []byte, string) {
	command := exec.Command("test/interop/formats/oss-envelope.sh", arguments...)
	var content, said bytes.Buffer
	command.Stdout, command.Stderr = &content, &said
	command.Run()
	return command.ProcessState.ExitCode(), content.Bytes(), said.String()
}

func open(key string) (int, []byte, string) {
	arguments := []string{"open", "oss://" + Bucket + "/" + key, "--format", "oss-cse", "--accept-unauthenticated", "-o", "-"}
	return ours(append(arguments, trusted...)...)
}

// Opens panics unless our command line makes of the object what was encrypted.
func Opens(key string, content []byte) {
	code, found, said := open(key)
	if code != 0 {
		panic(said)
	}
	EqualBytes(found, content)
}

// Recognised panics unless inspect is certain of what the object is.
func Recognised(key string) {
	_, found, said := ours("--json", "inspect", "oss://"+Bucket+"/"+key)
	if !bytes.Contains(found, []byte(`"oss-cse"`)) || !bytes.Contains(found, []byte(`"certain"`)) {
		panic(said)
	}
}

// Refused panics unless our command line refuses it, and names what it lacks.
func Refused(key, name string) {
	code, found, said := open(key)
	Equal([]int{code, len(found)}, []int{4, 0})
	if !strings.Contains(said, name) {
		panic(said)
	}
}
