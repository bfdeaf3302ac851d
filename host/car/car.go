// Package car is the client of the CAR service: every call that a run makes, with authentication,
// time-outs, retries, and jobs that are watched to their end.
//
// One table says what each answer to each call means ([RuleFor]): whether it is worth another try,
// how the run ends otherwise, and what to do about it. Every error of a [Client] is a
// [*failure.Failure] of the kinds Recoverable or Unrecoverable by that table, or the cause of the
// context's end.
//
// The package makes single calls. Their order, and what they mean for a run, is in package host;
// the content of pages is in package submit.
package car

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/model"
)

// Defaults of a [Config].
const (
	DefaultRequestTimeout = time.Minute
	DefaultRetryWait      = 10 * time.Second
	DefaultPollWait       = time.Second
	DefaultJobTimeout     = time.Hour
)

// Config says where the service is and who asks.
type Config struct {
	// URL is the base of the calls, https://HOST/api/car/v2. A user and a password in it are used
	// when neither a key nor a token is set.
	URL string
	// Key and Password log in with an API key; Token with a token of the platform, and wins.
	Key, Password, Token string
	// Source is the key of the source, the name of the connection.
	Source string
	// RequestTimeout bounds one request, its answer included.
	RequestTimeout time.Duration
	// RetryWait is the unit of the waits before a request is repeated: 0, 2 and 4 units. What CAR
	// asks for in Retry-After counts where it is longer, up to 60 units.
	RetryWait time.Duration
	// PollWait is the unit of the waits between two looks at a job: 0, 1, 2, 4 … 60 units.
	PollWait time.Duration
	// JobTimeout bounds the wait for a job, and for a database to become ready.
	JobTimeout time.Duration
	// Compress sends large bodies compressed (gzip), until CAR rejects one (415).
	Compress bool
	// Transport sends the requests; nil makes one.
	Transport http.RoundTripper
	// Logger takes every request at debug level and every retry as a warning; nil is nowhere.
	Logger hclog.Logger
	// Waiting, when set, is called when the client begins to wait, with the reason and the time that
	// it will wait (0 when that is up to CAR), and what it returns when the wait is over. It is
	// called from several goroutines.
	Waiting func(why string, planned time.Duration) (over func())
}

// Client makes the calls. It may be used by several goroutines.
type Client struct {
	config        Config
	v2, v3        string // base URLs without a slash at the end
	authorization string
	http          *http.Client
	log           hclog.Logger
	requests      atomic.Int64
	model         atomic.Pointer[model.Model]
	compress      compressor
}

// New makes a client. It sends nothing. The error is a [*failure.Failure] of kind InvalidParameter.
func New(config Config) (*Client, error) {
	v2, v3, login, err := baseURLs(config.URL)
	if err != nil {
		return nil, err
	}
	if config.Token == "" && config.Key == "" && config.Password == "" && login != nil {
		config.Key = login.Username()
		config.Password, _ = login.Password()
	}
	for _, d := range []struct {
		value   *time.Duration
		initial time.Duration
	}{
		{&config.RequestTimeout, DefaultRequestTimeout}, {&config.RetryWait, DefaultRetryWait},
		{&config.PollWait, DefaultPollWait}, {&config.JobTimeout, DefaultJobTimeout},
	} {
		if *d.value <= 0 {
			*d.value = d.initial
		}
	}
	if config.Transport == nil {
		config.Transport = httpx.New()
	}
	if config.Logger == nil {
		config.Logger = hclog.NewNullLogger()
	}
	if config.Waiting == nil {
		config.Waiting = func(string, time.Duration) func() { return func() {} }
	}
	c := &Client{config: config, v2: v2, v3: v3, log: config.Logger, http: &http.Client{
		Transport: config.Transport,
		// A redirect is CAR's way to say that the login has expired.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	switch {
	case config.Token != "":
		c.authorization = "car-token " + config.Token
	case config.Key != "" || config.Password != "":
		c.authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(config.Key+":"+config.Password))
	}
	c.compress.on = config.Compress
	c.Use(model.CAR())
	return c, nil
}

// pause waits, and says why.
func (c *Client) pause(ctx context.Context, why string, wait time.Duration) error {
	if wait > 0 {
		defer c.config.Waiting(why, wait)()
	}
	return httpx.Wait(ctx, wait)
}

// Use says which collections there are: those of the published model until it is called.
func (c *Client) Use(m *model.Model) { c.model.Store(m) }

// collection returns the collection of a name.
func (c *Client) collection(name string) (*model.Collection, bool) {
	return c.model.Load().Collection(name)
}

// Requests returns how many requests were sent, repeated ones included.
func (c *Client) Requests() int64 { return c.requests.Load() }

// baseURLs checks the URL and returns the bases of both versions of the interface, without the
// login that may be in it: the last path segment that is v2 is v3 in the other one.
func baseURLs(text string) (v2, v3 string, login *url.Userinfo, err error) {
	mistake := func(format string, args ...any) error {
		return failure.New(failure.InvalidParameter, "the URL of the CAR service "+format, args...).
			WithHint("use a URL such as https://HOST/api/car/v2")
	}
	if text == "" {
		return "", "", nil, mistake("is missing")
	}
	u, parseErr := url.Parse(text)
	switch {
	case parseErr != nil:
		return "", "", nil, mistake("cannot be read")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", "", nil, mistake("must begin with https:// or http:// and a host")
	case u.RawQuery != "" || u.Fragment != "":
		return "", "", nil, mistake("must not have a query or a fragment")
	}
	segments := strings.Split(strings.TrimRight(u.EscapedPath(), "/"), "/")
	for i := len(segments) - 1; i >= 0; i-- {
		if segments[i] == "v2" {
			base := u.Scheme + "://" + u.Host
			v2 = base + strings.Join(segments, "/")
			segments[i] = "v3"
			return v2, base + strings.Join(segments, "/"), u.User, nil
		}
	}
	return "", "", nil, mistake("has no segment v2 in its path %q", u.Path)
}
