package bindings

import "carjs/host/script"

// Module is a module that a connector can import.
type Module = script.Module
