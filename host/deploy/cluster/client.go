package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// Client asks one cluster as one user. It can be used by several goroutines.
type Client struct {
	target target
	plugin *plugin // nil without one

	mu        sync.Mutex
	transport http.RoundTripper
	// cert is the certificate of the plugin that transport has.
	cert      string
	resources map[string][]Resource // by group and version
	warn      func(text string)
	warned    map[string]bool
}

// Connect finds the cluster and the user. It asks the cluster nothing yet.
func Connect(config Config) (*Client, error) {
	t, err := config.find()
	if err != nil {
		return nil, err
	}
	c := &Client{target: t, resources: map[string][]Resource{}, warn: config.Warn, warned: map[string]bool{}}
	if t.user.Exec != nil {
		c.plugin = &plugin{exec: *t.user.Exec, host: t.host, server: t.server.String(), userName: t.userName}
	}
	if c.transport, err = t.connections(credential{}); err != nil {
		return nil, err
	}
	return c, nil
}

// Namespace is where objects go that name none.
func (c *Client) Namespace() string { return c.target.namespace }

// Server is the address of the cluster, for people.
func (c *Client) Server() string { return c.target.server.Host }

// connections makes the transport, with the certificate of the file or of the plugin.
func (t target) connections(own credential) (http.RoundTripper, error) {
	config := &tls.Config{ServerName: t.host.ServerName.value, InsecureSkipVerify: t.host.Insecure, MinVersion: tls.VersionTLS12}
	ca, err := content(t.host.CAData, t.host.CA, "certificate-authority")
	if err != nil {
		return nil, err
	}
	if len(ca) > 0 && !t.host.Insecure {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(ca) {
			where := t.host.CAData
			if !where.set() {
				where = t.host.CA
			}
			return nil, where.wrong("certificate-authority holds no certificate in PEM form")
		}
	}
	cert, err := content(t.user.CertData, t.user.Cert, "client-certificate")
	if err != nil {
		return nil, err
	}
	key, err := content(t.user.KeyData, t.user.Key, "client-key")
	if err != nil {
		return nil, err
	}
	if len(own.cert) > 0 {
		cert, key = own.cert, own.key
	}
	if len(cert) > 0 || len(key) > 0 {
		pair, err := tls.X509KeyPair(cert, key)
		if err != nil {
			return nil, failure.Usage("the client certificate of the user %s in %s cannot be used: %v", t.userName, t.from,
				strings.TrimPrefix(err.Error(), "tls: ")).WithCause(err).WithHint("set both client-certificate and client-key, which belong together")
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if !t.host.Proxy.set() {
		return httpx.WithTLS(httpx.New(), config), nil
	}
	proxy, err := url.Parse(t.host.Proxy.value)
	if err != nil || proxy.Host == "" {
		return nil, t.host.Proxy.wrong("proxy-url must be a URL such as http://HOST:3128")
	}
	return httpx.Through(proxy, config), nil
}

// login puts who asks into a request, and returns the transport to send it by.
func (c *Client) login(r *http.Request, renew bool) (http.RoundTripper, error) {
	user := c.target.user
	transport := c.transport
	switch {
	case c.plugin != nil:
		known, err := c.plugin.credential(r.Context(), renew)
		if err != nil {
			return nil, err
		}
		if known.token != "" {
			r.Header.Set("Authorization", "Bearer "+known.token)
		}
		if transport, err = c.certified(known); err != nil {
			return nil, err
		}
	case user.TokenFile.set():
		// It is read again and again: whoever writes it renews it.
		token, err := os.ReadFile(user.TokenFile.path())
		if err != nil && !user.Token.set() {
			return nil, user.TokenFile.wrong("cannot read tokenFile: %s", reason(err)).WithCause(err)
		}
		if err != nil {
			token = []byte(user.Token.value)
		}
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	case user.Token.set():
		r.Header.Set("Authorization", "Bearer "+user.Token.value)
	case user.Username.set():
		r.SetBasicAuth(user.Username.value, user.Password.value)
	}
	if user.As.set() {
		r.Header.Set("Impersonate-User", user.As.value)
		if user.AsUID.set() {
			r.Header.Set("Impersonate-Uid", user.AsUID.value)
		}
		for _, group := range user.AsGroups {
			r.Header.Add("Impersonate-Group", group)
		}
		for key, values := range user.AsExtra {
			for _, value := range values {
				r.Header.Add("Impersonate-Extra-"+url.PathEscape(key), value)
			}
		}
	}
	return transport, nil
}

// certified is the transport with the certificate of a plugin.
func (c *Client) certified(known credential) (http.RoundTripper, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if string(known.cert) != c.cert {
		made, err := c.target.connections(known)
		if err != nil {
			return nil, err
		}
		c.transport, c.cert = made, string(known.cert)
	}
	return c.transport, nil
}

// Request is one request to the API.
type Request struct {
	// Doing says what is asked for, as it stands after "cannot": "apply CronJob car-office".
	Doing string
	// Method is GET, POST, PATCH or DELETE.
	Method string
	// Path begins with /api; Query are its parameters.
	Path  string
	Query url.Values
	// ContentType is that of Body.
	ContentType string
	Body        []byte
}

const (
	// tries is how often a request is sent that a cluster cannot answer just now.
	tries = 4
	// patience is how long a cluster may take for one answer.
	patience = time.Minute
	// largest bounds an answer: nothing that carjs asks for comes near.
	largest = 32 << 20
)

// Do sends a request and reads the answer into an object. It sends the request again when the
// cluster is busy or the connection breaks: every request of this package may arrive twice.
func (c *Client) Do(ctx context.Context, request Request) (Object, error) {
	renewed := false
	for try := 1; ; try++ {
		object, wait, err := c.once(ctx, request, renewed)
		var refused *StatusError
		switch {
		case err == nil:
			return object, nil
		case c.plugin != nil && !renewed && errors.As(err, &refused) && refused.Code == http.StatusUnauthorized:
			renewed = true
			continue
		case wait < 0 || try == tries:
			return nil, err
		}
		if wait == 0 {
			wait = time.Duration(try*try) * 200 * time.Millisecond
		}
		if httpx.Wait(ctx, wait) != nil {
			return nil, stopped(ctx)
		}
	}
}

// once sends a request once. The wait is that before another try, negative when there is no use in
// one.
func (c *Client) once(parent context.Context, request Request, renew bool) (object Object, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(parent, patience)
	defer cancel()
	address := *c.target.server
	address.Path = strings.TrimSuffix(address.Path, "/") + request.Path
	address.RawQuery = request.Query.Encode()
	r, err := http.NewRequestWithContext(ctx, request.Method, address.String(), bytes.NewReader(request.Body))
	if err != nil {
		return nil, -1, failure.Usage("cannot %s: %v", request.Doing, err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "carjs")
	if request.ContentType != "" {
		r.Header.Set("Content-Type", request.ContentType)
	}
	transport, err := c.login(r, renew)
	if err != nil {
		return nil, -1, err
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return c.unreachable(parent, request.Doing, err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	c.warnings(response.Header)
	body, err := io.ReadAll(io.LimitReader(response.Body, largest))
	if err != nil {
		return c.unreachable(parent, request.Doing, err)
	}
	if response.StatusCode/100 == 2 {
		object, err = decode(body)
		if err != nil {
			err = failure.Usage("cannot %s: %s did not answer with JSON", request.Doing, c.Server()).WithCause(err).
				WithHint("check that server in %s is the address of a Kubernetes API", c.target.from)
		}
		return object, -1, err
	}
	wait = -1
	if s := response.StatusCode; s == http.StatusTooManyRequests || s >= 500 && s != http.StatusInternalServerError {
		wait, _ = httpx.RetryAfter(response.Header, time.Now())
		wait = max(0, min(wait, 10*time.Second))
	}
	return nil, wait, c.refused(request.Doing, response.StatusCode, body)
}

// warnings tells what a cluster warns of: 299 - "words".
func (c *Client) warnings(header http.Header) {
	for _, line := range header.Values("Warning") {
		_, quoted, _ := strings.Cut(line, "\"")
		text, err := strconv.Unquote("\"" + quoted)
		if err != nil || c.warn == nil {
			continue
		}
		c.mu.Lock()
		if !c.warned[text] {
			c.warned[text] = true
			c.warn(oneLine(text))
		}
		c.mu.Unlock()
	}
}

// decode reads JSON, with numbers as they are written.
func decode(data []byte) (Object, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var object Object
	err := decoder.Decode(&object)
	return object, err
}
