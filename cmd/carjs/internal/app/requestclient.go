package app

import (
	"fmt"
	"strconv"
	"strings"

	"carjs/bindings"
	"carjs/host/failure"
	"carjs/host/settings"
)

// choose returns the client that the request is sent through.
func (r *Request) choose(clients []bindings.Client) (bindings.Client, error) {
	wanted := r.values.Text(settings.EnvRequestClient)
	if len(clients) == 0 {
		return bindings.Client{}, failure.Usage("%s makes no HttpClient when it starts or tests the connection", r.Line.Connector.Name).
			WithFault(failure.FaultConnector).
			WithHint("create the client in the constructor of the asset server, or use it in testConnection()")
	}
	var matching []bindings.Client
	switch number, err := strconv.Atoi(wanted); {
	case wanted == "":
		matching = distinct(bindings.Nearest(clients, r.request.Path))
	case err == nil && number >= 1 && number <= len(clients):
		return clients[number-1], nil
	default:
		for _, client := range clients {
			if strings.Contains(client.BaseURL, wanted) {
				matching = append(matching, client)
			}
		}
	}
	if len(matching) == 1 {
		return matching[0], nil
	}
	var list strings.Builder
	for i, client := range clients {
		base := client.BaseURL
		if base == "" {
			base = "no base URL"
		}
		fmt.Fprintf(&list, "\n  %d  %s  (%s)", i+1, base, client.At)
	}
	f := failure.Usage("%s makes %d clients", r.Line.Connector.Name, len(clients))
	switch {
	case wanted == "":
	case len(matching) == 0:
		f = failure.Usage("%s has no client %q", r.Line.Connector.Name, wanted)
	default:
		f = failure.Usage("%d clients of %s match %q", len(matching), r.Line.Connector.Name, wanted)
	}
	return bindings.Client{}, f.WithDetail("Clients:" + list.String()).
		WithHint("choose one with -client, by its number or a part of its base URL")
}

// distinct leaves of several clients that are made by one line for one base URL, as by a function
// that makes a client each time, the last one.
func distinct(clients []bindings.Client) []bindings.Client {
	var out []bindings.Client
	for _, client := range clients {
		same := false
		for i := range out {
			if out[i].BaseURL == client.BaseURL && out[i].At == client.At {
				out[i], same = client, true
			}
		}
		if !same {
			out = append(out, client)
		}
	}
	return out
}
