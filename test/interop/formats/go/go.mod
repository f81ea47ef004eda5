module oss-envelope/interop/formats

go 1.21

require (
	github.com/aliyun/alibaba-cloud-sdk-go v1.61.1
	github.com/aliyun/alibabacloud-oss-go-sdk-v2 v1.6.1
	github.com/aliyun/aliyun-oss-go-sdk v3.0.2+incompatible
	oss-envelope/interop v0.0.0
)

require (
	github.com/jmespath/go-jmespath v0.0.0-20180206201540-c2b33e8439af // indirect
	github.com/json-iterator/go v1.1.5 // indirect
	github.com/kr/pretty v0.3.1 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v0.0.0-20180701023420-4b7aa43c6742 // indirect
	golang.org/x/time v0.4.0 // indirect
	gopkg.in/ini.v1 v1.42.0 // indirect
)

replace oss-envelope/interop => ../../clients/go
