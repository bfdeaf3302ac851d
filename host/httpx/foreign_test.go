package httpx

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestForeign sends what browsers, programs and attackers send.
func TestForeign(t *testing.T) {
	local := Foreign{Local: true}
	open := Foreign{}
	forms := Foreign{Local: true, Forms: true}
	const asJSON, asText, asForm = "application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		service Foreign
		request string // method, host, origin, Sec-Fetch-Site, content type; "-" for none
		want    int
	}{
		"a program":                              {local, "POST 127.0.0.1:3000 - - " + asJSON, 200},
		"a program without a type":               {local, "POST localhost:3000 - - -", 200},
		"curl -d":                                {local, "POST localhost:3000 - - " + asForm, 200},
		"IPv6":                                   {local, "POST [::1]:3000 - - " + asJSON, 200},
		"rebinding":                              {local, "GET evil.example:3000 - - -", 403},
		"rebinding from a page":                  {local, "POST evil.example:3000 http://evil.example:3000 same-origin " + asJSON, 403},
		"a name that begins like ours":           {local, "GET localhost.evil.example - - -", 403},
		"an address of the network":              {local, "GET 192.168.1.5:3000 - - -", 403},
		"any name with a key":                    {open, "POST car:3000 - - " + asJSON, 200},
		"another site as text":                   {local, "POST 127.0.0.1:3000 https://evil.example cross-site " + asText, 403},
		"another site with a key":                {open, "POST car:3000 https://evil.example cross-site " + asText, 403},
		"another site, an old browser":           {local, "POST 127.0.0.1:3000 https://evil.example - " + asForm, 403},
		"another port of this machine":           {local, "POST 127.0.0.1:3000 http://127.0.0.1:8080 same-site " + asJSON, 403},
		"a frame without a site":                 {local, "POST 127.0.0.1:3000 null cross-site " + asJSON, 403},
		"another site deletes":                   {local, "DELETE 127.0.0.1:3000 https://evil.example cross-site -", 403},
		"another site reads, and sees nothing":   {local, "GET 127.0.0.1:3000 https://evil.example cross-site -", 200},
		"GraphiQL on the desktop":                {local, "POST 127.0.0.1:3000 file:// cross-site " + asJSON, 200},
		"GraphiQL as an extension":               {local, "POST 127.0.0.1:3000 chrome-extension://abc none " + asJSON, 200},
		"a page of the service":                  {local, "POST 127.0.0.1:3000 http://127.0.0.1:3000 same-origin " + asJSON, 200},
		"a form of the service":                  {local, "POST 127.0.0.1:3000 http://127.0.0.1:3000 same-origin " + asForm, 415},
		"a form of a service with forms":         {forms, "POST 127.0.0.1:3000 http://127.0.0.1:3000 same-origin " + asForm, 200},
		"a form of another site, to one of them": {forms, "POST 127.0.0.1:3000 https://evil.example cross-site " + asForm, 403},
		"a type that is none":                    {local, "POST 127.0.0.1:3000 http://127.0.0.1:3000 same-origin text/plain;;", 415},
	} {
		t.Run(name, func(t *testing.T) {
			words := strings.Fields(c.request)
			r := httptest.NewRequest(words[0], "/", strings.NewReader("{}"))
			r.Host = words[1]
			for i, header := range []string{"Origin", "Sec-Fetch-Site", "Content-Type"} {
				if words[i+2] != "-" {
					r.Header.Set(header, words[i+2])
				}
			}
			c.service.Refuse = func(w http.ResponseWriter, _ *http.Request, status int, message string) {
				http.Error(w, message, status)
			}
			w := httptest.NewRecorder()
			c.service.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("got %d, want %d: %s", w.Code, c.want, w.Body)
			}
		})
	}
}
