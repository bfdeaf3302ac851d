package settings

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/host/netpolicy"
)

// hostsKey is the key of connection.type that names the hosts of a connector.
const hostsKey = "hosts"

// parseHosts reads the value of -allow-net and -deny-net.
func parseHosts(text string) (any, string) {
	rules, err := netpolicy.ParseRules(text)
	if err != nil {
		if inner := errors.Unwrap(err); inner != nil {
			err = inner
		}
		return nil, "must be hosts separated by commas, such as api.example.com,*.example.com:443,10.0.0.0/8 (" + err.Error() + ")"
	}
	return rules, ""
}

// AllowedNet returns the hosts that the operator allows and denies, nil where nothing is said.
func (v Values) AllowedNet() (allowed, denied netpolicy.Rules) {
	return typed[netpolicy.Rules](v, EnvAllowNet), typed[netpolicy.Rules](v, EnvDenyNet)
}

// hostPiece is a part of an entry of "hosts": a text, or a setting in braces.
type hostPiece struct {
	text    string
	setting string
}

// cutHost takes an entry apart.
func cutHost(entry string) ([]hostPiece, error) {
	var pieces []hostPiece
	for entry != "" {
		text, rest, braced := strings.Cut(entry, "{")
		if strings.Contains(text, "}") {
			return nil, errors.New("has a } without {")
		}
		if text != "" {
			pieces = append(pieces, hostPiece{text: text})
		}
		if !braced {
			return pieces, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || strings.TrimSpace(name) == "" {
			return nil, errors.New("has a { without the name of a setting and }")
		}
		pieces = append(pieces, hostPiece{setting: strings.TrimSpace(name)})
		entry = after
	}
	return pieces, nil
}

// readHosts reads the list of hosts. What its settings are is checked by checkHosts, when all are
// known.
func (p *configParser) readHosts(n node) {
	items, ok := n.value.([]node)
	if !ok {
		p.wrong(n.offset, `%q of connection.type must be a list of hosts, such as ["{url}", "*.example.com"]`, hostsKey)
		return
	}
	p.declaration.Hosts = []string{}
	for _, item := range items {
		text, isText := item.value.(string)
		if !isText {
			p.wrong(item.offset, "a host in %q must be text", hostsKey)
			continue
		}
		p.declaration.Hosts = append(p.declaration.Hosts, text)
		p.hosts = append(p.hosts, item.offset)
	}
}

// checkHosts holds the hosts to what can be said without values.
func (p *configParser) checkHosts() {
	for i, entry := range p.declaration.Hosts {
		pieces, err := cutHost(entry)
		if err != nil {
			p.wrong(p.hosts[i], "the host %q %s", entry, err)
			continue
		}
		var sample strings.Builder
		known := true
		for _, piece := range pieces {
			if piece.setting == "" {
				sample.WriteString(piece.text)
				continue
			}
			field, ok := p.declaration.Field(piece.setting)
			switch {
			case !ok:
				p.wrong(p.hosts[i], "the host %q names a setting that does not exist%s", entry, p.similar(piece.setting))
			case field.Type != Text && field.Type != Link && field.Type != Number:
				p.wrong(p.hosts[i], "the host %q cannot name the setting %s, which is a %s: name a text, link or number", entry, field.Path, field.Type)
			case field.Type == Number:
				sample.WriteString("1")
				continue
			default:
				sample.WriteString("x")
				continue
			}
			known = false
		}
		if !known {
			continue
		}
		if _, err := netpolicy.ParseRule(sample.String()); err != nil {
			p.wrong(p.hosts[i], "the host %q cannot be used: %s", entry, err)
		}
	}
}

func (p *configParser) similar(name string) string {
	if near := p.declaration.Similar(name); near != "" {
		return fmt.Sprintf(", did you mean {%s}?", near)
	}
	return ""
}

// Hosts returns the hosts that the connector declares, with the values of settings in place of their
// names; nil when it declares none. A setting without a value adds no host. The error is a
// [*failure.Failure] about a value with no host in it.
func (v Values) Hosts() (netpolicy.Rules, error) {
	if v.state == nil || v.state.declaration == nil || v.state.declaration.Hosts == nil {
		return nil, nil
	}
	rules := netpolicy.Rules{}
	for _, entry := range v.state.declaration.Hosts {
		found, err := v.host(entry)
		if err != nil {
			return nil, err
		}
		for _, rule := range found {
			if !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	return rules, nil
}

// host returns the rules of an entry: several when it is a setting with several hosts.
func (v Values) host(entry string) (netpolicy.Rules, error) {
	pieces, err := cutHost(entry)
	if err != nil {
		return nil, invalid("the host %q in %s %v", entry, ConfigFile, err).WithFault(failure.FaultConnector)
	}
	var text strings.Builder
	var named string
	for _, piece := range pieces {
		if piece.setting == "" {
			text.WriteString(piece.text)
			continue
		}
		field, _ := v.state.declaration.Field(piece.setting)
		value := strings.TrimSpace(v.get(field.Env).text)
		if value == "" {
			return nil, nil
		}
		named = v.nameOf(field.Env)
		if len(pieces) == 1 {
			return hostsOf(named, value)
		}
		host, err := hostOf(value, false)
		if err != nil {
			return nil, noHost(named, err)
		}
		text.WriteString(host)
	}
	rule, err := netpolicy.ParseRule(text.String())
	if err != nil {
		return nil, noHost(named, err)
	}
	return netpolicy.Rules{rule}, nil
}

// hostsOf are the hosts in the value of a setting, which may be a list.
func hostsOf(named, value string) (netpolicy.Rules, error) {
	var rules netpolicy.Rules
	for _, one := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(", ;\t\r\n", r) }) {
		host, err := hostOf(one, true)
		if err != nil {
			return nil, noHost(named, err)
		}
		rule, err := netpolicy.ParseRule(host)
		if err != nil {
			return nil, noHost(named, err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// noHost is the failure of a setting that should name a host.
func noHost(named string, err error) *failure.Failure {
	return invalid("%s must name a host: %v", named, err).
		WithHint("set it to a URL or a host; %s says which hosts the connector may connect to", ConfigFile)
}

// hostOf is the host in the value of a setting, with its port when that is wanted: of a URL, of
// "host:port", "host/path" or a bare address. It cannot widen what the connector declares: a star is
// no host.
func hostOf(value string, port bool) (string, error) {
	if strings.Contains(value, "*") {
		return "", errors.New("a host has no *")
	}
	text := value
	if address := net.ParseIP(value); address != nil && strings.Contains(value, ":") {
		text = "[" + value + "]"
	}
	bare := !strings.Contains(text, "://")
	if bare {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return "", errors.New("it has none")
	}
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	switch {
	case !port:
	case u.Port() != "":
		host += ":" + u.Port()
	case u.Scheme == "https":
		host += ":443"
	case u.Scheme == "http":
		host += ":80"
	}
	return host, nil
}
