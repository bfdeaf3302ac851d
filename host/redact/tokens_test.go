package redact_test

import (
	"strings"
	"testing"

	"carjs/host/redact"
)

func TestTokens(t *testing.T) {
	const m = redact.Marker
	for _, test := range []struct{ name, answer, want string }{
		{"at the top", `{"access_token": "abc123", "expires_in": 60}`, `{"access_token": "` + m + `", "expires_in": 60}`},
		{"below", `{"data":{"login":{"token":"abc123","user":"ann"}}}`, `{"data":{"login":{"token":"` + m + `","user":"ann"}}}`},
		{
			"spelled otherwise", `{"AccessToken":"abc123","apiKey":"k-98765","API_KEY":"k-12345"}`,
			`{"AccessToken":"` + m + `","apiKey":"` + m + `","API_KEY":"` + m + `"}`,
		},
		{"in a list", `[{"password":"abc123"},{"client_secret":"def456"}]`, `[{"password":"` + m + `"},{"client_secret":"` + m + `"}]`},
		{"a place in a list", `{"edges":[{"token":"abc123"}]}`, `{"edges":[{"token":"abc123"}]}`},
		{
			"again elsewhere", `{"token":"abc123","copy":"abc123","basic":"YWJjMTIz"}`,
			`{"token":"` + m + `","copy":"` + m + `","basic":"` + m + `"}`,
		},
		{"escaped", `{"token":"a\"b\u00e9cd"}`, `{"token":"` + m + `"}`},
		{"white space around", " {\"token\": \"abc123\"}\n", " {\"token\": \"" + m + "\"}\n"},
		{"short", `{"token":"a","a":1,"b":"a"}`, `{"token":"` + m + `","a":1,"b":"a"}`},
		{"empty", `{"token":"","a":1}`, `{"token":"","a":1}`},
		{"as a name, too", `{"password":"data","data":[{"b":"data"}]}`, `{"password":"` + m + `","data":[{"b":"` + m + `"}]}`},
		{"behind all kinds", `{"a":[1,{"b":null},"token",true],"c":{"d":{}},"e":"password","password" : "x1","f":{"token":"y"}}`,
			`{"a":[1,{"b":null},"token",true],"c":{"d":{}},"e":"password","password" : "` + m + `","f":{"token":"` + m + `"}}`},
		{"no text", `{"token":{"a":1},"password":null,"apikey":5}`, `{"token":{"a":1},"password":null,"apikey":5}`},
		{"other names", `{"next":"abc123","tokens":"abc123"}`, `{"next":"abc123","tokens":"abc123"}`},
		{"no JSON", `token"="abc123"`, `token"="abc123"`},
		{"nothing", ``, ``},
	} {
		if got := string(redact.Tokens([]byte(test.answer))); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	deep := strings.Repeat(`{"a":`, 200) + `{"password":"abc123"}` + strings.Repeat(`}`, 200)
	if got := string(redact.Tokens([]byte(deep))); strings.Contains(got, "abc123") {
		t.Error("a deep one is left")
	}
}
