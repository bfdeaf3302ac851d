package host

import (
	"fmt"

	"carjs/host/failure"
)

// connectionFailure is the failure for a connection test that ended with a code and without an
// exception.
func connectionFailure(code int) error {
	kinds := map[int]failure.Kind{
		failure.CodeInvalidParameter: failure.InvalidParameter,
		failure.CodeRecoverable:      failure.Recoverable,
		failure.CodeUnrecoverable:    failure.Unrecoverable,
	}
	meanings := map[int]string{
		failure.CodeDatasourceConnect:          "the data source cannot be reached",
		failure.CodeDatasourceAuth:             "the data source rejected the credentials",
		failure.CodeDatasourceForbidden:        "the data source denied access",
		failure.CodeDatasourceInvalidParameter: "the data source rejected a parameter",
		failure.CodeDatasourceDataProcess:      "the response of the data source cannot be processed",
	}
	kind, ok := kinds[code]
	switch {
	case ok:
	case code >= failure.CodeDatasource && code <= failure.CodeDatasourceDataProcess:
		kind = failure.Datasource
	default:
		kind = failure.General
	}
	meaning, ok := meanings[code]
	if !ok {
		meaning = fmt.Sprintf("it returned code %d", code)
	}
	return failure.New(kind, "the connection test failed: %s", meaning).WithCode(code).WithFault(failure.FaultDatasource)
}
