package httpx

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// Lookup finds a variable of the environment, as [os.LookupEnv] does. An empty one counts as not
// set.
type Lookup func(name string) (string, bool)

// first returns the first of some variables that is set, and its value.
func (l Lookup) first(names ...string) (name, value string) {
	for _, name := range names {
		if value, _ := l(name); strings.TrimSpace(value) != "" {
			return name, strings.TrimSpace(value)
		}
	}
	return "", ""
}

// EnvironmentError is an environment variable that cannot be used for connections. It never shows
// the value of a proxy variable, which may hold a password.
type EnvironmentError struct {
	// Variable is its name as set: "HTTPS_PROXY", "no_proxy".
	Variable string
	// Problem says what is wrong with the value.
	Problem string
	// Err is the cause; may be nil.
	Err error
}

// Error names the variable and the problem.
func (e *EnvironmentError) Error() string { return "cannot use " + e.Variable + ": " + e.Problem }

// Unwrap returns the cause.
func (e *EnvironmentError) Unwrap() error { return e.Err }

// CheckEnvironment checks what the environment sets for connections: proxies in HTTP_PROXY,
// HTTPS_PROXY and ALL_PROXY (lower case wins), certificate authorities in the variables of
// [Bundles]. It opens files, but no connections. The error is an [*EnvironmentError], or several of
// them joined. A nil lookup means the environment of the process.
func CheckEnvironment(lookup Lookup) error {
	env := readEnvironment(lookup)
	faults := []error{env.fault}
	for _, b := range env.bundles {
		faults = append(faults, b.check())
	}
	return errors.Join(faults...)
}

// environment is what the environment sets for connections, read once.
type environment struct {
	// proxy returns the proxy for a URL, nil for none.
	proxy func(*url.URL) (*url.URL, error)
	// secure tells, by the scheme of the requests, that the proxy itself is reached over TLS.
	secure map[string]bool
	// fault is what is wrong with the proxies.
	fault error
	// bundles are files of certificate authorities, to be trusted besides those of the system.
	bundles []bundle
}

func readEnvironment(lookup Lookup) environment {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	env := environment{secure: map[string]bool{}, bundles: bundlesIn(lookup)}
	var faults []error
	proxy := func(scheme string, names ...string) string {
		u, err := proxyIn(lookup, append(names, "all_proxy", "ALL_PROXY")...)
		switch {
		case err != nil:
			faults = append(faults, err)
			return ""
		case u == nil:
			return ""
		}
		env.secure[scheme] = u.Scheme == "https"
		return u.String()
	}
	config := httpproxy.Config{
		HTTPProxy:  proxy("http", "http_proxy", "HTTP_PROXY"),
		HTTPSProxy: proxy("https", "https_proxy", "HTTPS_PROXY"),
	}
	_, config.NoProxy = lookup.first("no_proxy", "NO_PROXY")
	env.proxy, env.fault = config.ProxyFunc(), distinct(faults)
	return env
}

// distinct joins errors, those of one variable only once.
func distinct(faults []error) error {
	seen := map[string]bool{}
	var out []error
	for _, fault := range faults {
		if !seen[fault.Error()] {
			seen[fault.Error()] = true
			out = append(out, fault)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return errors.Join(out...)
}

// proxyOf is the Proxy of an [http.Transport].
func (env environment) proxyOf(r *http.Request) (*url.URL, error) {
	if env.fault != nil {
		return nil, env.fault
	}
	return env.proxy(r.URL)
}

// escapeLogin escapes in a URL what cannot stand in a user or a password, such as the # of "p#ss":
// people paste passwords as they are. What is escaped already stays, so a password with a real
// "%41" in it has to be escaped by hand.
func escapeLogin(text string) string {
	scheme, rest, _ := strings.Cut(text, "://")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return text
	}
	user, password, hasPassword := strings.Cut(rest[:at], ":")
	login := escapeReserved(user)
	if hasPassword {
		login += ":" + escapeReserved(password)
	}
	return scheme + "://" + login + rest[at:]
}

// escapeReserved escapes all but unreserved characters and what is an escape.
func escapeReserved(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		isEscape := false
		if c == '%' && i+2 < len(text) {
			_, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
			isEscape = err == nil
		}
		switch {
		case isEscape, c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// proxyIn reads the first of some variables that is set: a URL, or host and port of a proxy that
// speaks HTTP.
func proxyIn(lookup Lookup, names ...string) (*url.URL, error) {
	name, text := lookup.first(names...)
	if text == "" {
		return nil, nil
	}
	wrong := func(format string, args ...any) error {
		return &EnvironmentError{Variable: name, Problem: fmt.Sprintf(format, args...)}
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(escapeLogin(text))
	if err != nil {
		// The error quotes the URL, and in it a password.
		return nil, wrong("it is not a URL; a proxy looks like http://host:3128")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, wrong("a proxy cannot have the scheme %q; use http, https, socks5 or socks5h", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, wrong("it names no host; a proxy looks like http://host:3128")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, wrong("%s is not a port, which is a number from 1 to 65535", port)
		}
	}
	return u, nil
}
