package carserver

import (
	"errors"
	"fmt"
	"net/http"

	"carjs/host/esjson"
)

// statusError is an error for the client, with the status of the response.
type statusError struct {
	status  int
	message string
}

func (e *statusError) Error() string { return e.message }

func refuse(status int, format string, args ...any) error {
	return &statusError{status, fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) error {
	return refuse(http.StatusBadRequest, format, args...)
}

func notFound(format string, args ...any) error { return refuse(http.StatusNotFound, format, args...) }

// invalid is an error in the data: sending it again cannot succeed.
func invalid(format string, args ...any) error {
	return refuse(http.StatusUnprocessableEntity, format, args...)
}

// statusOf returns the response status for an error, and the message for the client.
func statusOf(err error) (int, string) {
	var known *statusError
	if errors.As(err, &known) {
		return known.status, known.message
	}
	return http.StatusInternalServerError, "internal error: " + err.Error()
}

// writeError writes an error response: {"statusCode", "error": the status text, "message"}.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client is gone
	}
	status, message := statusOf(err)
	if status == http.StatusInternalServerError {
		s.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "cause", err)
	}
	writeJSON(w, status, map[string]any{"statusCode": status, "error": http.StatusText(status), "message": message})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := esjson.AppendValue(nil, v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"message":"the response cannot be encoded as JSON"}`)
	}
	writeBody(w, status, body)
}

func writeBody(w http.ResponseWriter, status int, body []byte) {
	body = esjson.EscapeLone(body) // the database returns lone surrogates as they are
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	w.Write(body) // an error means that the client is gone
}
