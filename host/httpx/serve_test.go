package httpx

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"testing"
)

// A connection on which nothing was sent does not hold up the end, and a request under way finishes.
func TestUntil(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	connected := make(chan struct{}, 10)
	var said bytes.Buffer
	server := &http.Server{
		ErrorLog: log.New(&said, "", 0),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connected <- struct{}{}
			}
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			cancel()
			_, _ = io.WriteString(w, "whole")
		}),
	}
	ended := make(chan error, 1)
	go func() { ended <- Until(ctx, server, listener) }()
	for range 3 {
		spare, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer spare.Close()
		<-connected
	}
	answer, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "whole" {
		t.Errorf("%q, %v", body, err)
	}
	if err := <-ended; err != nil || said.Len() > 0 {
		t.Errorf("%v, %q", err, said.String())
	}
}
