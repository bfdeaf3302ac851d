package script

import "github.com/dop251/goja"

// ParseJSON makes native JavaScript values of JSON text.
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) { return goja.Null(), nil }
