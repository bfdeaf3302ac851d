package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// fetchSize is how many rows are asked for at once, as many as the reference connector asks for.
const fetchSize = 1000

// dataSource reads the data source.
type dataSource struct {
	url, user, password string
	client              *http.Client
}

func newDataSource(url, user, password string) *dataSource {
	return &dataSource{url: url, user: user, password: password, client: &http.Client{Timeout: 10 * time.Minute}}
}

// get opens the answer to a request.
func (s *dataSource) get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth(s.user, s.password)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return response, nil
}

// state reads the number of the last change.
func (s *dataSource) state(ctx context.Context) (string, error) {
	response, err := s.get(ctx, s.url+"/model_state_id")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct {
		ID string `json:"model_state_id"`
	}
	err = json.UnmarshalRead(response.Body, &answer)
	return answer.ID, err
}

// opened is the answer to a request that was sent ahead.
type opened struct {
	response *http.Response
	err      error
}

// ahead sends a request beside the caller.
func (s *dataSource) ahead(ctx context.Context, url string) <-chan opened {
	answer := make(chan opened, 1)
	go func() {
		response, err := s.get(ctx, url)
		answer <- opened{response, err}
	}()
	return answer
}

// each calls do with every row of a collection, page by page. Rows are decoded as they arrive, one
// at a time, and the next page is asked for as soon as its address is known. The row is the same
// variable every time: the data source sends every field of every row.
func each[T any](ctx context.Context, s *dataSource, kind string, do func(*T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for page := s.ahead(ctx, fmt.Sprintf("%s/%s?limit=%d&offset=0", s.url, kind, fetchSize)); page != nil; {
		current := <-page
		if current.err != nil {
			return current.err
		}
		var err error
		if page, err = readPage(ctx, s, current.response, do); err != nil {
			return fmt.Errorf("read %s: %w", kind, err)
		}
	}
	return nil
}

// readPage reads a page and returns the one behind it, nil when there is none.
func readPage[T any](ctx context.Context, s *dataSource, response *http.Response, do func(*T) error) (<-chan opened, error) {
	defer response.Body.Close()
	d := jsontext.NewDecoder(response.Body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var next <-chan opened
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		switch name.String() {
		case "next":
			var url string
			if err := json.UnmarshalDecode(d, &url); err != nil {
				return nil, err
			}
			if url != "" {
				next = s.ahead(ctx, url)
			}
		case "results":
			if err := readRows(d, do); err != nil {
				return nil, err
			}
		default:
			if err := d.SkipValue(); err != nil {
				return nil, err
			}
		}
	}
	_, err := d.ReadToken()
	return next, err
}

func readRows[T any](d *jsontext.Decoder, do func(*T) error) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var row T
	for d.PeekKind() != ']' {
		if err := json.UnmarshalDecode(d, &row); err != nil {
			return err
		}
		if err := do(&row); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}
