package settings

import (
	"strings"
	"testing"
)

const (
	urlName      = "-car-service-url (CAR_SERVICE_URL)"
	keyName      = "-car-service-key (CAR_SERVICE_KEY)"
	passName     = "-car-service-password (CAR_SERVICE_PASSWORD)"
	tokenURLName = "-car-service-url-for-token (CAR_SERVICE_URL_FOR_AUTHTOKEN)"
	tokenName    = "-car-service-token (CAR_SERVICE_AUTHTOKEN)"
	sourceName   = "-source (CONNECTION_NAME)"
	noCAR        = "no CAR service is configured: set " + urlName + ", " + keyName + " and " + passName + ", or " +
		tokenURLName + " and " + tokenName
)

func TestCAR(t *testing.T) {
	const basic = "-car-service-url https://car.example/api/car/v2 -car-service-key k -car-service-password p "
	const token = "-car-service-url-for-token https://token.example -car-service-token t "
	required := map[string]string{"CARJS_CAR": "required"}
	mounted := newMount(t)
	mounted.add("CONNECTION_HOST", "h")
	onlyKey := newMount(t)
	complete := newMount(t)
	for name, text := range map[string]string{
		"CAR_SERVICE_URL": "https://car.example", "CAR_SERVICE_KEY": "k", "CAR_SERVICE_PASSWORD": "p",
		"CONNECTION_NAME": "demo",
	} {
		complete.add(name, text)
	}
	missing := func(names ...string) string {
		if len(names) == 1 {
			return "missing setting: " + names[0]
		}
		return "missing settings: " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	tests := []struct {
		name string
		line string
		vars map[string]string
		dir  string
		mode CARMode
		want string
	}{
		{"nothing", "", nil, "", CAREmbedded, ""},
		{"only the source", "-source demo", nil, "", CAREmbedded, ""},
		{"empty variables", "", map[string]string{"CAR_SERVICE_URL": "", "CARJS_CAR": ""}, "", CAREmbedded, ""},
		{"required", "-source demo", required, "", "", noCAR},
		{"required, no source", "", required, "", "", missing(sourceName) + "; " + noCAR},
		{"secrets mounted", "-source demo", nil, mounted.dir, "", noCAR},
		{"only the key of secrets mounted", "-source demo", nil, onlyKey.dir, "", noCAR},
		{
			"a typing mistake is no permission", "-source demo", map[string]string{"CARJS_CAR": "requird"}, "", "",
			`CARJS_CAR must be "required", not "requird"`,
		},
		{"basic", basic + "-source demo", nil, "", CARBasic, ""},
		{"a login in the URL", "-car-service-url https://k:p%40@car.example/api/car/v2 -source demo", nil, "", CARBasic, ""},
		{"a login in the URL, required", "-car-service-url https://k:p%40@car.example/api/car/v2 -source demo", required, "", CARBasic, ""},
		{"basic, required", basic + "-source demo", required, "", CARBasic, ""},
		{"basic from secrets", "", nil, complete.dir, CARBasic, ""},
		{"token", token + "-source demo", nil, "", CARToken, ""},
		{"both", basic + token + "-source demo", nil, "", CARToken, ""},
		{"no source", basic, nil, "", "", missing(sourceName)},
		{"only a URL", "-car-service-url https://h", nil, "", "", missing(keyName, passName, sourceName)},
		{"only a key", "-car-service-key k -source demo", nil, "", "", missing(urlName, passName)},
		{"only a password", "-car-service-password p -source demo", nil, "", "", missing(urlName, keyName)},
		{"only a URL for a token", "-car-service-url-for-token https://h -source demo", nil, "", "", missing(tokenName)},
		{"only a token", "-car-service-token t -source demo", nil, "", "", missing(tokenURLName)},
		{
			"a token and the other URL", "-car-service-token t -car-service-url https://h -source demo", nil, "", "",
			missing(keyName, passName, tokenURLName),
		},
		{"complete token, incomplete basic", token + "-car-service-url https://h -source demo", nil, "", "", missing(keyName, passName)},
		{"complete basic, incomplete token", basic + "-car-service-token t -source demo", nil, "", "", missing(tokenURLName)},
		{
			"blank password", "-car-service-url https://h -car-service-key k -source demo",
			map[string]string{"CAR_SERVICE_PASSWORD": " "}, "", "", missing(passName),
		},
		{"URL without a scheme", "-car-service-url car.example -car-service-key k -car-service-password p -source demo", nil, "", "",
			urlName + " must be a URL that begins with https:// or http://"},
		{"URL without a host", "-car-service-url-for-token https:///x -car-service-token t -source demo", nil, "", "",
			tokenURLName + " must be a URL that begins with https:// or http://"},
		{"URL with a port alone", "-car-service-url http://:3000/x -car-service-key k -car-service-password p -source demo", nil, "", "",
			urlName + " must be a URL that begins with https:// or http://"},
		{"no URL at all", "-car-service-key k -car-service-password p -source demo", map[string]string{"CAR_SERVICE_URL": "a b"}, "", "",
			urlName + ` must be a URL, not "a b"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			values := gather(t, "-clientId i -clientSecret s -connection-host h "+test.line, test.vars, test.dir)
			car, err := values.CAR()
			checkFailure(t, err, test.want)
			if test.want != "" {
				// The same is told together with what else is wrong.
				checkFailure(t, values.Check(NeedCAR), test.want)
				return
			}
			if err := values.Check(NeedCAR); err != nil {
				t.Errorf("Check: %v", err)
			}
			if car.Mode != test.mode {
				t.Errorf("mode %s, want %s", car.Mode, test.mode)
			}
		})
	}
}

func TestCARSettings(t *testing.T) {
	basic, err := gather(t, "-car-service-url https://h/v2 -car-service-key k -car-service-password p -source demo", nil, "").CAR()
	if err != nil || basic.URL != "https://h/v2" || basic.Key.Reveal() != "k" || basic.Password.Reveal() != "p" ||
		!basic.Token.Empty() || basic.Source != "demo" {
		t.Errorf("%+v, %v", basic, err)
	}
	token, err := gather(t, "-car-service-url-for-token https://h -car-service-token t -source demo", nil, "").CAR()
	if err != nil || token.URL != "https://h" || token.Token.Reveal() != "t" || !token.Key.Empty() || !token.Password.Empty() {
		t.Errorf("%+v, %v", token, err)
	}
	embedded, err := gather(t, "-source mine", nil, "").CAR()
	if err != nil || embedded != (CARSettings{Mode: CAREmbedded, Source: "mine"}) {
		t.Errorf("%+v, %v", embedded, err)
	}
}

// The login of the URL serves where no key is given, and is not shown.
func TestLoginInURL(t *testing.T) {
	const address = "https://name:ge%40heim@car.example/api/car/v2"
	for key, want := range map[string]string{"": "name ge@heim", "k": "k p"} {
		vars := map[string]string{"CAR_SERVICE_KEY": key, "CAR_SERVICE_PASSWORD": map[string]string{"k": "p"}[key]}
		v := gather(t, "-clientId i -clientSecret s -connection-host h -car-service-url "+address+" -source demo", vars, "")
		car, err := v.CAR()
		if err != nil {
			t.Fatal(err)
		}
		if got := car.Key.Reveal() + " " + car.Password.Reveal(); got != want || car.URL != "https://car.example/api/car/v2" {
			t.Errorf("%s at %s", got, car.URL)
		}
		if shown := v.String(); strings.Contains(shown, "ge%40heim") || strings.Contains(shown, "ge@heim") {
			t.Error(shown)
		}
	}
}
