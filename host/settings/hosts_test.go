package settings

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/failure"
)

// withHosts is a connector that declares hosts, given as JSON, and has some settings.
func withHosts(hosts string) fstest.MapFS {
	return fstest.MapFS{ConfigFile: {Data: []byte(`{"connection": {"type": {"type": "connectorType", "hosts": ` + hosts + `}},
		"configuration": {
			"auth": {"type": "fields", "url": {"type": "text"}, "link": {"type": "link", "optional": true}, "secret": {"type": "password"}},
			"port": {"type": "number", "default": 8443}, "region": {"type": "text", "optional": true}, "deep": {"type": "boolean"}}}`)}}
}

func TestHosts(t *testing.T) {
	for _, c := range []struct {
		hosts string
		given map[string]string // by short name
		want  string            // the rules, or ! and a part of the error
	}{
		{`["api.example.com", "*.example.com:443", "10.0.0.0/8"]`, nil, "api.example.com, *.example.com:443, 10.0.0.0/8"},
		{`[]`, nil, "none"},
		{`["{url}"]`, map[string]string{"url": "https://api.example.com/v1"}, "api.example.com:443"},
		{`["{url}"]`, map[string]string{"url": "http://api.example.com"}, "api.example.com:80"},
		{`["{url}"]`, map[string]string{"url": "https://user:p@api.example.com:8443/v1?x"}, "api.example.com:8443"},
		{`["{url}"]`, map[string]string{"url": "api.example.com"}, "api.example.com"},
		{`["{url}"]`, map[string]string{"url": "api.example.com:8080/path"}, "api.example.com:8080"},
		{`["{url}"]`, map[string]string{"url": "http://[2001:db8::1]:8080"}, "[2001:db8::1]:8080"},
		{`["{url}"]`, map[string]string{"url": "2001:db8::1"}, "[2001:db8::1]"},
		{`["{url}"]`, map[string]string{"url": "a.example, https://b.example;c.example"}, "a.example, b.example:443, c.example"},
		{`["{ configuration.auth.url }", "{CONFIGURATION_AUTH_URL}", "{auth_url}"]`, nil, `!did you mean`},
		{`["{configuration.auth.url}", "{CONFIGURATION_AUTH_URL}"]`, map[string]string{"url": "a.example"}, "a.example"},
		{`["{url}:{port}"]`, map[string]string{"url": "https://api.example.com/v1"}, "api.example.com:8443"},
		{`["{url}", "{link}"]`, map[string]string{"url": "a.example"}, "a.example"},
		{`["*.{region}.example.com", "{url}"]`, map[string]string{"url": "a.example", "region": "eu-1"}, "*.eu-1.example.com, a.example"},
		{`["*.{region}.example.com"]`, map[string]string{"url": "a.example"}, "none"},
		{`["{url}"]`, map[string]string{"url": "*"}, "!-url (CONFIGURATION_AUTH_URL) must name a host: a host has no *"},
		{`["{url}"]`, map[string]string{"url": "10.0.0.0/0"}, "10.0.0.0"},
		{`["{region}.example.com"]`, map[string]string{"region": "*"}, "!must name a host"},
		{`["{region}.example.com"]`, map[string]string{"region": "evil.test/"}, "evil.test.example.com"},
		{`["{url}"]`, map[string]string{"url": "https:///path"}, "!must name a host: it has none"},

		{`"api.example.com"`, nil, "!must be a list of hosts"},
		{`[5]`, nil, "!must be text"},
		{`["https://api.example.com"]`, nil, "!it is a URL"},
		{`["{nothing}"]`, nil, "!names a setting that does not exist"},
		{`["{secret}"]`, nil, "!cannot name the setting configuration.auth.secret, which is a password"},
		{`["{deep}"]`, nil, "!which is a boolean"},
		{`["{url"]`, nil, "!has a { without"},
		{`["url}"]`, nil, "!has a } without {"},
		{`["{url}/v1"]`, nil, "!cannot be used"},
	} {
		rules, err := func() (string, error) {
			declaration, err := ReadDeclaration(withHosts(c.hosts))
			if err != nil {
				return "", err
			}
			texts := map[string]string{"CONFIGURATION_AUTH_SECRET": "x"}
			for name, value := range c.given {
				field, _ := declaration.Field(name)
				texts[field.Env] = value
			}
			values, err := GatherTexts(declaration, texts)
			if err != nil {
				return "", err
			}
			rules, err := values.Hosts()
			return rules.String(), err
		}()
		problem, wrong := strings.CutPrefix(c.want, "!")
		var f *failure.Failure
		switch {
		case wrong && (!errors.As(err, &f) || !strings.Contains(err.Error(), problem) || f.Code != failure.CodeInvalidParameter || f.Hint == ""):
			t.Errorf("%s with %v: %v, %v", c.hosts, c.given, rules, err)
		case !wrong && (err != nil || rules != c.want):
			t.Errorf("%s with %v: %v, %v", c.hosts, c.given, rules, err)
		}
	}
	values, err := GatherTexts(&Declaration{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rules, err := values.Hosts(); rules != nil || err != nil {
		t.Errorf("without a declaration: %v, %v", rules, err)
	}
}

func TestAllowedNet(t *testing.T) {
	flags, err := RunTable().Parse([]string{"-allow-net", "a.example, b.example:1", "-deny-net=10.0.0.0/8"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{}
	lookup := func(name string) (string, bool) { text, ok := environment[name]; return text, ok }
	values, err := Gather(Input{Table: RunTable(), Flags: flags, LookupEnv: lookup})
	if err != nil {
		t.Fatal(err)
	}
	if allowed, denied := values.AllowedNet(); allowed.String() != "a.example, b.example:1" || denied.String() != "10.0.0.0/8" {
		t.Errorf("%v, %v", allowed, denied)
	}
	environment[EnvAllowNet] = "a b"
	values, err = Gather(Input{Table: RunTable(), LookupEnv: lookup})
	if err != nil {
		t.Fatal(err)
	}
	if err := values.Check(); err == nil || !strings.Contains(err.Error(), "-allow-net (CARJS_ALLOW_NET) must be hosts separated by commas") {
		t.Error(err)
	}
	if allowed, denied := (Values{}).AllowedNet(); allowed != nil || denied != nil {
		t.Error("no values have rules")
	}
}
