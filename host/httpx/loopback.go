package httpx

import (
	"net"
	"net/netip"
	"strings"
)

// Loopback tells whether a host, with or without port, is this machine: localhost, 127.0.0.0/8 or
// ::1. Names are not resolved.
func Loopback(hostPort string) bool {
	host := hostPort
	if h, _, err := net.SplitHostPort(hostPort); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}
