package httpx

import "testing"

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:8080": true, "127.0.0.1": true, "127.9.9.9:443": true, "[::1]:80": true, "::1": true, "[::1]": true,
		"::ffff:127.0.0.1": true, "localhost.example.com": false, "10.0.0.1": false, "0.0.0.0": false, "": false, "127.0.0.1.nip.io": false,
		"car.example.com:443": false, "[fe80::1]:80": false,
	} {
		if got := Loopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
