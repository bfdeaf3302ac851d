package http_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"
)

// Answers of token servers, as they are.
func TestTokenAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer reply
		want   string // of two requests, with a wait of an hour and a half between them
	}{
		{"number", reply{200, "", `{"access_token":"t$n","expires_in":3600}`}, `["t1","t2"]`},
		{"text", reply{200, "", `{"access_token":"t$n","expires_in":"3600"}`}, `["t1","t2"]`},
		{"fraction", reply{200, "", `{"access_token":"t$n","expires_in":3599.7}`}, `["t1","t2"]`},
		{"longer", reply{200, "", `{"access_token":"t$n","expires_in":7200.0}`}, `["t1","t1"]`},
		{"date", reply{200, "", `{"access_token":"t$n","expires_in":"2030-01-02T04:04:05Z"}`}, `["t1","t2"]`},
		{"since 1970", reply{200, "", `{"access_token":"t$n","expires_on":"1893557045"}`}, `["t1","t2"]`},
		{"null", reply{200, "", `{"access_token":"t$n","expires_in":null}`}, `["t1","t1"]`},
		{"missing", reply{200, "", `{"access_token":"t$n"}`}, `["t1","t1"]`},
		{"nonsense", reply{200, "", `{"access_token":"t$n","expires_in":{"a":1},"scope":["x"],"error":""}`}, `["t1","t1"]`},
		{"zero", reply{200, "", `{"access_token":"t$n","expires_in":0}`}, `["t1","t1"]`},
		{"over", reply{200, "", `{"access_token":"t$n","expires_in":"2029-01-02T04:04:05Z"}`}, `["t1","t1"]`},
		{"a form", reply{200, "Content-Type: application/x-www-form-urlencoded", `access_token=t$n&expires_in=3600`}, `["t1","t2"]`},
		{"created", reply{201, "", `{"access_token":"t$n","expires_in":3600}`}, `["t1","t2"]`},
		{
			"refusal with status 200", reply{200, "", `{"error":"invalid_client","error_description":"the secret has expired"}`},
			`[52,"POST $a/token: no token: status 200 OK: the secret has expired (invalid_client)","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"refusal of Google", reply{403, "", `{"error":{"code":403,"message":"Quota project is missing","status":"PERMISSION_DENIED"}}`},
			`[53,"POST $a/token: no token: status 403 Forbidden: Quota project is missing (403)","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"refusal of Okta", reply{401, "", `{"errorCode":"E0000011","errorSummary":"Invalid token provided"}`},
			`[52,"POST $a/token: no token: status 401 Unauthorized: Invalid token provided (E0000011)","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"a form that refuses", reply{200, "Content-Type: application/x-www-form-urlencoded; charset=utf-8", `error=bad_verification_code`},
			`[52,"POST $a/token: no token: status 200 OK: bad_verification_code","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"refusal in a list", reply{200, "", `{"errors":[{"message":"access denied, invalid bearer token","code":401}],"resources":null}`},
			`[52,"POST $a/token: no token: status 200 OK: access denied, invalid bearer token","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"refusal in words of its own", reply{401, "", `{"success":false,"msg":"the account is locked"}`},
			`[52,"POST $a/token: no token: status 401 Unauthorized: the account is locked","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"refusal as problem details", reply{400, "", `{"type":"about:blank","title":"Bad Request","detail":"the client is unknown"}`},
			`[52,"POST $a/token: no token: status 400 Bad Request: the client is unknown","check client id, client secret and scope in the connector's settings"]`,
		},
		{
			"nothing", reply{200, "", `{"ok":true}`},
			`[52,"POST $a/token: the response has no access_token","check that tokenURL is the data source's token endpoint"]`,
		},
		{
			"empty", reply{200, "", ``},
			`[55,"POST $a/token: the response (status 200) is empty and not JSON","check that the URL is that of the API and not of a page for people, and that nothing on the way changes the response"]`,
		},
		{
			"a list", reply{200, "", `[1]`},
			`[55,"POST $a/token: the response (status 200) is JSON, but not an object","check the URL of the login against the data source's documentation"]`,
		},
	} {
		var mu sync.Mutex
		issued := 0
		url := serve(t, map[string]http.HandlerFunc{
			"/token": func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				issued++
				a := c.answer
				a.body = strings.ReplaceAll(a.body, "$n", fmt.Sprint(issued))
				(&scripted{answers: []reply{a}}).ServeHTTP(w, r)
			},
			"/data": func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, "%q", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			},
		})
		now := stillTime
		deps := (&pauses{}).still(fetch.Deps{})
		deps.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}
		url2 := serve(t, map[string]http.HandlerFunc{"/later": func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(90 * time.Minute)
		}})
		check{c.name, `const c = new HttpClient({ baseURL: a, auth: oauth2({ tokenURL: a + "/token", clientId: "i", clientSecret: "s" }) });
try { const first = await c.get("/data"); await fetch(b + "/later"); return [first, await c.get("/data")] } catch (e: any) { return [e.code, e.message, e.hint] }`, c.want}.
			run(t, world(deps), url, url2)
	}
}

// authority is a server of tokens that checks what it is sent, and rotates refresh tokens.
type authority struct {
	mu      sync.Mutex
	keys    map[string]crypto.PublicKey // by the key id
	asked   []string
	refresh int
	broken  bool // refresh tokens do not count any more
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = r.ParseForm()
	form := url.Values{}
	for name, values := range r.PostForm {
		form[name] = values
		if name == "assertion" || name == "client_assertion" {
			form[name] = []string{a.verified(values[0])}
		}
	}
	user, secret, _ := r.BasicAuth()
	a.asked = append(a.asked, strings.TrimSpace(user+" "+secret+" "+describe(form)))
	current := fmt.Sprintf("refresh-%d", a.refresh)
	if form.Get("grant_type") == "refresh_token" {
		if form.Get("refresh_token") != current || a.broken {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"invalid_grant","error_description":"the refresh token was used before"}`)
			return
		}
	}
	a.refresh++
	fmt.Fprintf(w, `{"access_token":"token-%d","refresh_token":"refresh-%d","expires_in":60}`, len(a.asked), a.refresh)
}

// describe is a form, readable.
func describe(form url.Values) string {
	var parts []string
	for name, values := range form {
		parts = append(parts, name+"="+values[0])
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// verified is what a JWT says, "wrong" when its signature is.
func (a *authority) verified(token string) string {
	parts := strings.Split(token, ".")
	var head struct{ Alg, Kid string }
	var claims map[string]any
	for i, into := range []any{&head, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(data, into) != nil {
			return "wrong"
		}
	}
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	valid := false
	switch key := a.keys[head.Kid].(type) {
	case *rsa.PublicKey:
		valid = head.Alg == "RS256" && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		valid = head.Alg == "ES256" && len(signature) == 64 && ecdsa.Verify(key, sum[:], r, s)
	}
	if !valid {
		return "wrong"
	}
	if claims["exp"].(float64)-claims["iat"].(float64) > 3600 || claims["jti"] == "" {
		return "too long"
	}
	return fmt.Sprintf("{iss:%v sub:%v aud:%v scope:%v}", claims["iss"], claims["sub"], claims["aud"], claims["scope"])
}

// Each grant and each way of a client to prove who it is, as the server sees it.
func TestGrants(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(rsaKey)
	sec1, _ := x509.MarshalECPrivateKey(ecKey)
	inPEM := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	rsaPEM, ecPEM := inPEM("PRIVATE KEY", pkcs8), inPEM("EC PRIVATE KEY", sec1)
	escaped := strings.ReplaceAll(inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), "\n", `\n`)
	for _, c := range []struct {
		name, options, key string
		want               []string
	}{
		{
			"client credentials", `clientId: "i", clientSecret: "s", params: { resource: "r", n: 1 }`, "no key",
			[]string{"i s grant_type=client_credentials n=1 resource=r", "i s grant_type=client_credentials n=1 resource=r"},
		},
		{
			"refresh token", `grant: "refresh_token", refreshToken: "refresh-0", clientId: "i", clientSecret: "s"`, "no key",
			[]string{"i s grant_type=refresh_token refresh_token=refresh-0", "i s grant_type=refresh_token refresh_token=refresh-1"},
		},
		{
			"refresh token of a public client", `grant: "refresh_token", refreshToken: "refresh-0", clientId: "i"`, "no key",
			[]string{"client_id=i grant_type=refresh_token refresh_token=refresh-0", "client_id=i grant_type=refresh_token refresh_token=refresh-1"},
		},
		{
			"password", `grant: "password", username: "u", password: "p", scope: "x"`, "no key",
			[]string{"grant_type=password password=p scope=x username=u", "grant_type=refresh_token refresh_token=refresh-1 scope=x"},
		},
		{
			"JWT with RS256", `grant: "jwt", issuer: "robot@example.com", keyId: "rsa", privateKey: b, claims: { scope: "read" }`, rsaPEM,
			[]string{
				"assertion={iss:robot@example.com sub:<nil> aud:$a/token scope:read} grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
				"assertion={iss:robot@example.com sub:<nil> aud:$a/token scope:read} grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		{
			"JWT with ES256", `grant: "jwt", clientId: "i", subject: "u", keyId: "ec", privateKey: b, assertionAudience: "https://login.example.com"`, ecPEM,
			[]string{
				"assertion={iss:i sub:u aud:https://login.example.com scope:<nil>} client_id=i grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
				"assertion={iss:i sub:u aud:https://login.example.com scope:<nil>} client_id=i grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		{
			"a client with a key", `clientId: "i", keyId: "rsa", privateKey: b`, escaped,
			[]string{
				"client_assertion={iss:i sub:i aud:$a/token scope:<nil>} " +
					"client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer client_id=i grant_type=client_credentials",
				"client_assertion={iss:i sub:i aud:$a/token scope:<nil>} " +
					"client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer client_id=i grant_type=client_credentials",
			},
		},
	} {
		a := &authority{keys: map[string]crypto.PublicKey{"rsa": rsaKey.Public(), "ec": ecKey.Public()}}
		var mu sync.Mutex
		now := stillTime
		deps := fetch.Deps{Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}}
		url := serve(t, map[string]http.HandlerFunc{"/token": a.ServeHTTP, "/later": func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(time.Hour)
		}})
		check{c.name, `const c = new HttpClient({ baseURL: a, auth: oauth2({ tokenURL: a + "/token", ` + c.options + ` }) });
const first = (await c.get("/")).auth; await fetch(a + "/later"); return [first, (await c.get("/")).auth]`, `["Bearer token-1","Bearer token-2"]`}.
			run(t, world(deps), url, c.key)
		for i, want := range c.want {
			if i >= len(a.asked) || strings.ReplaceAll(a.asked[i], url, "$a") != want {
				t.Errorf("%s: asked %q, want %q", c.name, a.asked, c.want)
			}
		}
	}
}

// A refresh token that does not count any more: the password is used again where there is one.
func TestRefreshTokenIsRefused(t *testing.T) {
	for options, want := range map[string]string{
		`grant: "password", username: "u", password: "p"`:   `["Bearer token-1","Bearer token-3"]`,
		`grant: "refresh_token", refreshToken: "refresh-0"`: `[52,"POST $a/token: no token: status 400 Bad Request: the refresh token was used before (invalid_grant)"]`,
	} {
		a := &authority{}
		now := stillTime
		var mu sync.Mutex
		deps := fetch.Deps{Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}}
		url := serve(t, map[string]http.HandlerFunc{"/token": a.ServeHTTP, "/later": func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			now = now.Add(time.Hour)
			mu.Unlock()
			a.mu.Lock()
			a.broken = true
			a.mu.Unlock()
		}})
		check{options, `const c = new HttpClient({ baseURL: a, auth: oauth2({ tokenURL: a + "/token", ` + options + ` }) });
try { const first = (await c.get("/")).auth; await fetch(a + "/later"); return [first, (await c.get("/")).auth] } catch (e: any) { return [e.code, e.message] }`, want}.
			run(t, world(deps), url)
	}
}

// What is wrong with a key is said when the login is made, and whose fault it is.
func TestKeysOfAssertions(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, _ := x509.MarshalPKCS8PrivateKey(p384)
	public, _ := x509.MarshalPKIXPublicKey(p384.Public())
	inPEM := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	for key, want := range map[string]string{
		"nonsense":                           "it is not PEM text, which begins with -----BEGIN",
		inPEM("ENCRYPTED PRIVATE KEY", der):  "it is protected by a password: remove it with openssl pkey",
		inPEM("OPENSSH PRIVATE KEY", der):    "it is in OpenSSH format",
		inPEM("PRIVATE KEY", []byte("x")):    "it is damaged, or an unsupported kind of key",
		inPEM("PUBLIC KEY", public):          "it is a public key or a certificate",
		inPEM("CERTIFICATE REQUEST", public): "it is PEM text without a key",
		inPEM("PRIVATE KEY", der):            "its kind is not supported; use RSA (RS256) or an EC key with P-256 (ES256)",
	} {
		got := webtest.Text(world(fetch.Deps{}).Run(t, body(`oauth2({ tokenURL: "http://h/token", clientId: "i", privateKey: a })`), key))
		if want = "failure 54: cannot use the private key for the login: " + want; !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
