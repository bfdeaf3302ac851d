package http

import (
	"crypto/tls"
	"slices"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/bindings/internal/pemkey"
	"carjs/host/failure"
	"carjs/host/httpx"
)

// versions is the table of the versions of TLS that a client can allow.
var versions = []struct {
	name    string
	version uint16
}{{"1.2", tls.VersionTLS12}, {"1.3", tls.VersionTLS13}, {"1.1", tls.VersionTLS11}, {"1.0", tls.VersionTLS10}}

// secured is the wire with TLS settings of a client's own.
func (m *module) secured(o args.Options) *fetch.Wire {
	config := &tls.Config{ServerName: o.Get("serverName").TextOr("")}
	m.setVersion(config, o.Get("minVersion"))
	m.setAuthorities(config, o.Get("ca").TextOrTexts())
	m.setCertificate(config, o.Get("cert"), o.Get("key"))
	if o.Get("insecure").BoolOr(false) {
		m.rt.Logger().Warn("the data source's certificates are not checked, so others on the network " +
			"can read and change the traffic (tls.insecure)")
		config.InsecureSkipVerify = true
	}
	wire, err := m.wire.WithTLS(config)
	if err != nil {
		m.rt.Throw(err)
	}
	return wire
}

// badTLS throws the failure of a setting that no connection can be made with.
func (m *module) badTLS(hint, format string, args ...any) {
	m.rt.Throw(failure.New(failure.Datasource, format, args...).WithCode(failure.CodeDatasourceInvalidParameter).
		WithFault(failure.FaultSettings).WithHint("%s", hint))
}

// setVersion allows versions, and for those that are out of use the ciphers that servers with them
// have.
func (m *module) setVersion(config *tls.Config, given args.Arg) {
	var names []string
	for _, v := range versions {
		names = append(names, v.name)
	}
	least := given.OneOf(names...)
	for _, v := range versions {
		if v.name == least {
			config.MinVersion = v.version
		}
	}
	if config.MinVersion >= tls.VersionTLS12 {
		return
	}
	m.rt.Logger().Warn("versions and ciphers of TLS are allowed that others on the network may break (tls.minVersion)")
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !strings.Contains(suite.Name, "RC4") {
			config.CipherSuites = append(config.CipherSuites, suite.ID)
		}
	}
}

// setAuthorities trusts authorities besides those of the system and of the environment. An empty text
// is a setting that was left empty.
func (m *module) setAuthorities(config *tls.Config, authorities []string) {
	authorities = slices.DeleteFunc(slices.Clone(authorities), func(text string) bool { return strings.TrimSpace(text) == "" })
	if len(authorities) == 0 {
		return
	}
	pool, err := httpx.Roots(nil)
	if err != nil {
		m.badTLS("fix or unset the variable", "%s", err)
	}
	for _, text := range authorities {
		if !pool.AppendCertsFromPEM(pemkey.Unescaped(text)) {
			m.badTLS("PEM text begins with -----BEGIN CERTIFICATE-----",
				"the certificate authority given for the data source is not a certificate in PEM form")
		}
	}
	config.RootCAs = pool
}

// setCertificate has the client show a certificate to servers that ask for one.
func (m *module) setCertificate(config *tls.Config, cert, key args.Arg) {
	if !cert.Given() && !key.Given() {
		return
	}
	if !cert.Given() {
		key.Misuse("goes with tls.cert, the certificate of the key")
	}
	if !key.Given() {
		cert.Misuse("goes with tls.key, the key of the certificate")
	}
	text := key.Text()
	m.deps.Secret(text)
	const hint = "check certificate and key in the connector's settings: both are in PEM form, and the key is not encrypted"
	if strings.Contains(text, "ENCRYPTED") {
		m.badTLS("decrypt it with openssl pkey", "the key of the client certificate for the data source is encrypted")
	}
	pair, err := tls.X509KeyPair(pemkey.Unescaped(cert.Text()), pemkey.Unescaped(text))
	if err != nil {
		m.badTLS(hint, "cannot use the client certificate for the data source: %s", strings.TrimPrefix(err.Error(), "tls: "))
	}
	config.Certificates = []tls.Certificate{pair}
}
