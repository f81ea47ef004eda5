// Package claims checks what one client claims, a line each.
package claims

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"reflect"
)

// Claim holds, or panics.
type Claim struct {
	Text  string
	Holds func()
}

// Check checks the claims in their order; the first that does not hold ends the process.
func Check(client string, all []Claim) {
	fmt.Println("client:", client)
	for _, claim := range all {
		check(claim)
	}
}

func check(claim Claim) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Println("does not hold:", claim.Text)
			fmt.Fprintln(os.Stderr, reason)
			os.Exit(1)
		}
	}()
	claim.Holds()
	fmt.Println("holds:", claim.Text)
}

// Equal panics when two values differ.
func Equal(found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("%.200v is not %.200v", found, expected))
	}
}

// EqualBytes panics when two contents differ, without printing them.
func EqualBytes(found, expected []byte) {
	if !bytes.Equal(found, expected) {
		panic(fmt.Sprintf("the %d bytes are not the %d expected", len(found), len(expected)))
	}
}

// Done panics with an error.
func Done(err error) {
	if err != nil {
		panic(err)
	}
}

// Must returns the value, or panics with the error.
func Must[T any](value T, err error) T {
	Done(err)
	return value
}

// ReadAll reads to the end and closes.
func ReadAll(body io.ReadCloser) []byte {
	defer body.Close()
	return Must(io.ReadAll(body))
}

// Content is so many bytes that differ from run to run.
func Content(size int) []byte {
	content := make([]byte, size)
	rand.Read(content)
	return content
}

// Fetch requests a URL without any client.
func Fetch(method, url string) (int, []byte) {
	request := Must(http.NewRequest(method, url, nil))
	response := Must(http.DefaultClient.Do(request))
	return response.StatusCode, ReadAll(response.Body)
}

var (
	OssEndpoint     = os.Getenv("OSS_ENDPOINT")
	AccessKeyID     = os.Getenv("ACCESS_KEY_ID")
	AccessKeySecret = os.Getenv("ACCESS_KEY_SECRET")
	Region          = os.Getenv("REGION")
	Bucket          = os.Getenv("BUCKET")
)
