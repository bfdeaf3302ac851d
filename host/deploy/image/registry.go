package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/errcode"
	"oras.land/oras-go/v2/registry/remote/retry"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// repository is a repository in a registry, with the login of the docker configuration.
type repository struct {
	*remote.Repository
	login *login
}

// login is how somebody is known to a registry.
type login struct {
	config string // the path of the docker configuration
	store  credentials.Store

	mu   sync.Mutex
	name string // of the user; empty while none was needed or found
}

// retries is how often a request is sent again when a registry is overloaded or the connection
// breaks. The waits are a quarter of a second, half a second, a second.
const retries = 3

// parseReference reads the reference of an image. The error is a [*failure.Failure].
func parseReference(text string) (registry.Reference, error) {
	reference, err := registry.ParseReference(text)
	host, _, slash := strings.Cut(text, "/")
	named := slash && (strings.ContainsAny(host, ".:") || host == "localhost")
	if err != nil || !named {
		f := failure.Usage("invalid image reference %q", text).WithCause(err).WithHint("write REGISTRY/REPOSITORY:TAG, all in lower case")
		if !named {
			f.WithHint("name the registry, too: REGISTRY/%s", text)
		}
		return registry.Reference{}, f
	}
	return reference, nil
}

// openRepository makes a client of the repository of a reference.
func openRepository(ctx context.Context, reference registry.Reference) (*repository, error) {
	l, err := openLogin()
	if err != nil {
		return nil, err
	}
	client := &auth.Client{
		Client: &http.Client{Transport: &retry.Transport{Base: httpx.New(), Policy: func() retry.Policy {
			return &retry.GenericPolicy{
				Retryable: retry.DefaultPredicate, Backoff: retry.DefaultBackoff,
				MinWait: 200 * time.Millisecond, MaxWait: 3 * time.Second, MaxRetry: retries,
			}
		}}},
		Header:     http.Header{"User-Agent": {"carjs"}},
		Credential: l.credential,
		Cache:      auth.NewCache(),
	}
	r := &repository{Repository: &remote.Repository{Client: client, Reference: reference}, login: l}
	// What refers to an image is listed under a tag by registries of before the referrers API. The
	// list that a new one replaces stays: many registries let nobody delete.
	r.SkipReferrersGC = true
	// Only a registry on this machine can do without TLS.
	r.PlainHTTP = httpx.Loopback(reference.Registry) && !speaksTLS(ctx, reference.Registry)
	return r, nil
}

// speaksTLS asks a registry on this machine. Unless it answers that it has no TLS, it is asked with
// TLS from then on, and what is wrong is said there.
func speaksTLS(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+address+"/v2/", nil)
	if err != nil {
		return true
	}
	response, err := httpx.New().RoundTrip(request)
	if err != nil {
		return httpx.Diagnose(address, err).Kind != httpx.NotTLS
	}
	response.Body.Close() //nolint:errcheck // nothing was read from it
	return true
}

// openLogin reads the docker configuration, which need not exist.
func openLogin() (*login, error) {
	dir := os.Getenv("DOCKER_CONFIG")
	if dir == "" {
		if home, err := os.UserHomeDir(); err == nil {
			dir = filepath.Join(home, ".docker")
		}
	}
	l := &login{config: filepath.Join(dir, "config.json")}
	store, err := credentials.NewStore(l.config, credentials.StoreOptions{})
	if err != nil {
		return nil, failure.Usage("cannot read the docker configuration %s: %v", l.config, err).WithCause(err).
			WithHint("correct the file, or set DOCKER_CONFIG to a folder with another config.json")
	}
	l.store = store
	return l, nil
}

// credentialError is a login that cannot be read.
type credentialError struct{ err error }

func (e *credentialError) Error() string { return e.err.Error() }
func (e *credentialError) Unwrap() error { return e.err }

// credential looks the login for a registry up.
func (l *login) credential(ctx context.Context, host string) (auth.Credential, error) {
	found, err := credentials.Credential(l.store)(ctx, host)
	if err != nil {
		return found, &credentialError{err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case found.Username != "":
		l.name = found.Username
	case found != auth.EmptyCredential:
		l.name = "the token"
	}
	return found, nil
}

func (l *login) who() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.name
}

// open returns content that is checked while it is read: the last read fails when it is not what
// the descriptor says.
func (r *repository) open(ctx context.Context, desc ocispec.Descriptor) (io.ReadCloser, error) {
	body, err := r.Fetch(ctx, desc)
	if err != nil {
		return nil, err
	}
	return &verified{VerifyReader: content.NewVerifyReader(body, desc), body: body}, nil
}

// verified checks content at its end.
type verified struct {
	*content.VerifyReader
	body io.Closer
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.VerifyReader.Read(p)
	if errors.Is(err, io.EOF) {
		if wrong := v.Verify(); wrong != nil {
			return n, wrong
		}
	}
	return n, err
}

func (v *verified) Close() error { return v.body.Close() }

// readAll reads a document of the registry.
func (r *repository) readAll(ctx context.Context, desc ocispec.Descriptor) ([]byte, error) {
	if desc.Size > maxDocument {
		return nil, fmt.Errorf("it has %d bytes, more than carjs reads", desc.Size)
	}
	return content.FetchAll(ctx, r, desc)
}

// maxDocument bounds what is read into memory of a registry.
const maxDocument = 4 << 20

// failed says why a registry did not do what it was asked. What was to be done reads as "push
// HOST/NAME:TAG".
func (r *repository) failed(doing string, err error) *failure.Failure {
	host := r.Reference.Registry
	var (
		known   *failure.Failure
		answer  *errcode.ErrorResponse
		unread  *credentialError
		refused = func(format string, args ...any) *failure.Failure {
			return failure.Usage(format, args...).WithCause(err)
		}
		tryAgain = func(format string, args ...any) *failure.Failure {
			return failure.New(failure.Recoverable, format, args...).WithFault(failure.FaultNobody).WithCause(err)
		}
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &unread):
		return refused("cannot %s: the login for %s cannot be read: %v", doing, host, unread.err).
			WithHint("check what %s says about %s, and the credential helper that it names; docker login %s writes it anew",
				r.login.config, host, host)
	case errors.Is(err, auth.ErrBasicCredentialNotFound):
		return r.denied(doing, http.StatusUnauthorized, "", err)
	case errors.As(err, &answer):
		return r.answered(doing, answer, err)
	case errors.Is(err, errdef.ErrNotFound):
		return refused("cannot %s: %s does not have it", doing, host).WithHint("check the name and the tag")
	case errors.Is(err, content.ErrMismatchedDigest), errors.Is(err, content.ErrTrailingData),
		errors.Is(err, content.ErrInvalidDescriptorSize):
		return tryAgain("cannot %s: %s returned content that does not match its digest", doing, host).WithHint("try again")
	case errors.Is(err, context.Canceled):
		return stopped(err)
	}
	d := httpx.Diagnose(host, err)
	switch {
	case d.Retryable:
		return tryAgain("cannot %s: %s", doing, d.Reason).WithHint("try again when %s answers", host)
	case d.Kind == httpx.UnknownAuthority:
		return refused("cannot %s: %s", doing, d.Reason).WithHint("set SSL_CERT_FILE to the certificate authority of %s", host)
	}
	if d.Kind == httpx.NotTLS {
		return refused("cannot %s: %s", doing, d.Reason).
			WithHint("check the port of %s: only a registry on this machine may do without TLS", host)
	}
	return refused("cannot %s: %s", doing, d.Reason).WithHint("check the name of the registry")
}

// stopped is the failure of a command that was interrupted.
func stopped(err error) *failure.Failure {
	return failure.New(failure.Recoverable, "the image is not complete: carjs was stopped").WithFault(failure.FaultNobody).
		WithCause(err).WithHint("run the command again")
}

// answered says what a status of a registry means.
func (r *repository) answered(doing string, answer *errcode.ErrorResponse, err error) *failure.Failure {
	host, words := r.Reference.Registry, ""
	if len(answer.Errors) > 0 {
		words = answer.Errors.Error()
	}
	said := strings.TrimSuffix(fmt.Sprintf("%d %s, %s", answer.StatusCode, http.StatusText(answer.StatusCode), words), ", ")
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return r.denied(doing, status, words, err)
	case status == http.StatusNotFound:
		return failure.Usage("cannot %s: %s does not have it (%s)", doing, host, said).WithCause(err).
			WithHint("check the name and the tag")
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return failure.New(failure.Recoverable, "cannot %s: %s answered %s", doing, host, said).
			WithFault(failure.FaultNobody).WithCause(err).WithHint("try again later")
	}
	return failure.Usage("cannot %s: %s answered %s", doing, host, said).WithCause(err).
		WithHint("check the name, and what the registry accepts")
}

// denied says whose login does not suffice.
func (r *repository) denied(doing string, status int, words string, err error) *failure.Failure {
	host, who := r.Reference.Registry, r.login.who()
	if words != "" {
		words = ": " + words
	}
	switch {
	case who == "":
		return failure.Usage("cannot %s: %s requires a login, and %s has none for it", doing, host, r.login.config).WithCause(err).
			WithHint("log in: docker login %s", host)
	case status == http.StatusUnauthorized:
		return failure.Usage("cannot %s: %s rejected the login of %s in %s%s", doing, host, who, r.login.config, words).WithCause(err).
			WithHint("log in again: docker login %s", host)
	}
	return failure.Usage("cannot %s: %s lacks permission on %s%s", doing, who, host, words).WithCause(err).
		WithHint("grant %s the permission, or log in as a user who has it: docker login %s", who, host)
}
