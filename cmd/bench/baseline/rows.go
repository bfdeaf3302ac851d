package main

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// The rows of the data source, as far as they are mapped.
type (
	xrefRow struct {
		PK    int64  `json:"pk"`
		Name  string `json:"extref_typename"`
		Value string `json:"extref_value"`
		Type  int64  `json:"q_extref_typeid"`
	}
	vulnerabilityRow struct {
		PK          int64       `json:"pk"`
		Name        string      `json:"name"`
		PublishedOn float64     `json:"published_on"`
		DisclosedOn float64     `json:"disclosed_on"`
		UpdatedOn   float64     `json:"updated_on"`
		VCVSSBMID   int64       `json:"vcvssbmid"`
		BaseScore   float64     `json:"base_score"`
		Xrefs       []reference `json:"xref_properties"`
	}
	siteRow struct {
		PK      int64  `json:"pk"`
		Name    string `json:"name"`
		Address string `json:"address"`
	}
	assetRow struct {
		PK              int64       `json:"pk"`
		Name            string      `json:"name"`
		Type            string      `json:"type"`
		InitialValue    float64     `json:"initial_value"`
		Site            reference   `json:"site"`
		Vulnerabilities []reference `json:"vulnerabilities"`
	}
	addressRow struct {
		PK      int64     `json:"pk"`
		Address string    `json:"address"`
		Asset   reference `json:"asset"`
	}
	hostRow struct {
		Host  string    `json:"host"`
		Asset reference `json:"asset"`
	}
	appRow struct {
		PK     int64       `json:"pk"`
		Name   string      `json:"name"`
		Assets []reference `json:"assets"`
	}
	portRow struct {
		PK          int64       `json:"pk"`
		Number      float64     `json:"port_number"`
		Application string      `json:"layer7application"`
		Protocol    string      `json:"protocol"`
		Apps        []reference `json:"apps"`
		IPAddresses []reference `json:"ip_addresses"`
	}
)

// reference is the number of a row, as text, from the URL that refers to it; empty for null.
type reference string

// UnmarshalJSONFrom reads the URL and keeps its last part.
func (r *reference) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	*r = ""
	if value.Kind() == 'n' {
		return nil
	}
	path, isURL := bytes.CutSuffix(value, []byte(`/"`))
	if !isURL {
		return fmt.Errorf("%s refers to no row", value)
	}
	*r = reference(path[bytes.LastIndexByte(path, '/')+1:])
	return nil
}
