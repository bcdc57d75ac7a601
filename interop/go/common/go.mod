module satwire/interop/common

go 1.26
