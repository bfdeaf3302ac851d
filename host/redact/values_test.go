package redact

import (
	"encoding/json"
	"strings"
	"testing"
)

// A secret that is a word, a number or short is hidden where it is a value, and never as a part of
// a name, a path or another word.
func TestValuesAndNothingElse(t *testing.T) {
	const m = Marker
	for _, test := range []struct{ secret, text, want string }{
		{"secret", "client_id=id1&client_secret=secret&grant_type=x", "client_id=id1&client_secret=" + m + "&grant_type=x"},
		{"secret", "secret=secret&secrets=1", "secret=" + m + "&secrets=1"},
		{"secret", `{"client_secret":"secret","secret": "a secret here", "secret":{"a":["secret","secrets"]}}`,
			`{"client_secret":"` + m + `","secret": "a ` + m + ` here", "secret":{"a":["` + m + `","secrets"]}}`},
		{"secret", `a {"secret": "secret"} {\"secret\":\"secret\"} { secret: 'secret', secret: 1 }`,
			`a {"secret": "` + m + `"} {\"secret\":\"` + m + `\"} { secret: '` + m + `', secret: 1 }`},
		{"secret", "GET http://secret.example.com/api/secret/1?secret=secret#x", "GET http://secret.example.com/api/secret/1?secret=" + m + "#x"},
		{
			"secret", "my-secret secret-name secret.name args.secret a@secret $secret secretly SECRETS",
			"my-secret secret-name secret.name args.secret a@secret $secret secretly SECRETS",
		},
		{"secret", "The secret. It is secret, \"secret\" (secret): secret", "The " + m + ". It is " + m + ", \"" + m + "\" (" + m + "): " + m},
		{
			"secret", "SECRET c2VjcmV0 736563726574 say%20secret%20x line\\nsecret\\n",
			m + " " + m + " " + m + " say%20" + m + "%20x line\\n" + m + "\\n",
		},
		{"secret", "https://secret@host/x https://u:secret@host/", "https://" + m + "@host/x https://u:" + m + "@host/"},
		{"secret", "src/main.ts:12:5\n   12 │ const secret = login(secret, args[\"secret\"], \"secret\");",
			"src/main.ts:12:5\n   12 │ const secret = login(secret, args[\"secret\"], \"" + m + "\");"},
		{"secret", "at\n> 12 | f({ secret, a: secret }, 'secret')\n   | secret", "at\n> 12 | f({ secret, a: secret }, '" + m + "')\n   | " + m},
		{"1234", `{"a":1234} and more`, `{"a":1234} and more`},
		{"learnt-later", "GET /hooks/learnt-later/json /hooks/learnt-later-on", "GET /hooks/" + m + "/json /hooks/learnt-later-on"},
		{"user", `{"users":1,"user":{"user_id":"user"},"at":"/user/1"}`, `{"users":1,"user":{"user_id":"` + m + `"},"at":"/user/1"}`},
		{"user01", "user012 xuser01 user01", "user012 xuser01 " + m},
		{
			"1234", `{"port":1234,"pin":"1234","id":"12345","at":"2026-12-34T12:34:1234"}`,
			`{"port":1234,"pin":"` + m + `","id":"12345","at":"2026-12-34T12:34:1234"}`,
		},
		{"1234", "localhost:1234 pin 1234", "localhost:1234 pin " + m},
		{"123456", `{"pin":123456,"id":1234567}`, `{"pin":"` + m + `","id":1234567}`},
		{"ab", `{"ab":"ab","a":"ab c"}`, `{"ab":"` + m + `","a":"ab c"}`},
		{"http", `GET http://h/x failed, "http" http`, `GET http://h/x failed, "` + m + `" ` + m},
		{"http", `{"next":"http://h/","user":"http"}`, `{"next":"http://h/","user":"` + m + `"}`},
		{"ab", `ab`, m},
		{"ab", `x?ab=ab&b=abc ab "ab" ab=ab`, `x?ab=` + m + `&b=abc ab "` + m + `" ab=` + m},
		{"12", `objects=12 "12" /x?a=12&b=12`, `objects=12 "` + m + `" /x?a=` + m + `&b=` + m},
		{"12", `a=12&b=12`, `a=` + m + `&b=` + m},
		{"x", `x marks "x"`, `x marks "` + m + `"`},
		{"p&ss", `{"p&ssword":"ap&ssb"}`, `{"` + m + `word":"a` + m + `b"}`}, // a name with it in it is no accident
		{"s3cr3tvalue", `{"xs3cr3tvaluex":1}`, `{"x` + m + `x":1}`},
		{`{"type":"service_account","private_key":"k"}`, `{"type":"service_account","private_key":"k"}`, `"` + m + `"`},
		{`["a","b"]`, ` ["a","b"] `, `"` + m + `"`},
		{"sig=a1b2c3d4%2F&se=2026", "?se=2026&sig=a1b2c3d4%2F&x=1", "?se=2026&sig=" + m + "&x=1"},
	} {
		r := New(test.secret)
		got := r.String(test.text)
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.secret, got, test.want)
		}
		if again := r.String(got); again != got {
			t.Errorf("%s: a second pass makes\n%s of\n%s", test.secret, again, got)
		}
	}
}

// What is a credential by its name is hidden without being known.
func TestParameters(t *testing.T) {
	var none *Redactor
	for text, want := range map[string]string{
		"GET /x?api_key=abc&limit=10":              "GET /x?api_key=[redacted]&limit=10",
		"https://h/x?a=1&X-Amz-Signature=0a1b#top": "https://h/x?a=1&X-Amz-Signature=[redacted]#top",
		`{"next":"/x?access_token=abc%20d"}`:       `{"next":"/x?access_token=[redacted]"}`,
		"/x?pageToken=abc&my_token=b&tokens=c":     "/x?pageToken=abc&my_token=b&tokens=c",
	} {
		if got := none.String(text); got != want || none.String(got) != got {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := string(Tokens([]byte("user=ann&password=abc&api_key=k"))); got != "user=ann&password=[redacted]&api_key=[redacted]" {
		t.Error(got)
	}
}

// A word that carjs itself uses as a name stays in what it says.
func TestPublic(t *testing.T) {
	r := New("user", "hunter2x!")
	r.Public("user", "hunter2x!")
	for text, want := range map[string]string{
		"imported page collection=user objects=2": "imported page collection=user objects=2",
		"user: 12 of 13 would be deleted":         "user: 12 of 13 would be deleted",
		`{"user":"user"}`:                         `{"user":"[redacted]"}`,
		"hunter2x!":                               "[redacted]",
	} {
		if got := r.String(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestJSONKeeps(t *testing.T) {
	r := New("full")
	got := string(r.JSON([]byte(`{"mode":"full","message":"full","full":{"mode":"full"}}`), "mode"))
	if got != `{"mode":"full","message":"[redacted]","full":{"mode":"full"}}` {
		t.Error(got)
	}
}

// FuzzJSONStaysJSON holds for any secrets: the text stays JSON of the same shape, and a second pass
// changes nothing.
func FuzzJSONStaysJSON(f *testing.F) {
	f.Add("secret", `{"a":["a\\nsecret\"",1234,{"secret":"secret"}]}`)
	f.Add(`a\`, `["a\\","\u0061\\\\"]`)
	f.Add("n123", `["\n123"]`)
	f.Add(`"`, `["\""]`)
	f.Fuzz(func(t *testing.T, secret, text string) {
		if !isJSON([]byte(text)) {
			t.Skip("the text is not JSON")
		}
		r := New(secret)
		got := r.JSON([]byte(text))
		if !json.Valid(got) {
			t.Fatalf("%q: %s became %s", secret, text, got)
		}
		if strings.Contains(text, "://") || strings.Contains(strings.ToLower(text), "authorization") {
			return
		}
		if kindOf(secret) == anywhere && !strings.Contains(Marker, secret) && isText(secret) &&
			strings.Contains(strings.ReplaceAll(string(got), Marker, "\x00"), secret) && !strings.ContainsAny(secret, `{}[]:,"\ `) {
			t.Fatalf("%q is in %s", secret, got)
		}
	})
}
