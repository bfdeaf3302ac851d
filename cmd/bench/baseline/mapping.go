package main

import (
	"context"
	"encoding/json"

	"carjs/host/model"
)

// mapping makes vertices and edges of rows, as connectors/reference/src/dataHandler.ts does.
type mapping struct {
	out *sender

	vulnerability, site, asset, ipaddress, macaddress, hostname, application, port *vertices

	assetVulnerability, siteAsset, assetIPAddress, assetMACAddress, assetHostname,
	applicationVulnerability, applicationPort, ipaddressPort *edges

	xrefs             map[reference]json.RawMessage // `"1":{…}`
	vulnerabilitiesOf map[reference][]reference
	addressOf         map[reference]string
	object            []byte
}

func newMapping(m *model.Model, out *sender, head []byte, with stamp) (*mapping, error) {
	p := &mapping{
		out: out, xrefs: map[reference]json.RawMessage{}, vulnerabilitiesOf: map[reference][]reference{}, addressOf: map[reference]string{},
	}
	for _, v := range []struct {
		place      **vertices
		name       string
		properties []string
	}{
		{
			&p.vulnerability, "vulnerability",
			[]string{
				"external_id", "name", "published_on", "disclosed_on", "updated_on", "vcvssbmid", "base_score",
				"xref_properties",
			},
		},
		{&p.site, "site", []string{"external_id", "name", "address"}},
		{&p.asset, "asset", []string{"external_id", "assetid", "name", "asset_type", "initial_value"}},
		{&p.ipaddress, "ipaddress", []string{"_key"}},
		{&p.macaddress, "macaddress", []string{"_key"}},
		{&p.hostname, "hostname", []string{"_key"}},
		{&p.application, "application", []string{"external_id", "name"}},
		{&p.port, "port", []string{"external_id", "port_number", "protocol", "layer7application"}},
	} {
		var err error
		if *v.place, err = newVertices(m, out, head, v.name, v.properties...); err != nil {
			return nil, err
		}
	}
	for _, e := range []struct {
		place **edges
		name  string
	}{
		{&p.assetVulnerability, "asset_vulnerability"}, {&p.siteAsset, "site_asset"}, {&p.assetIPAddress, "asset_ipaddress"},
		{&p.assetMACAddress, "asset_macaddress"}, {&p.assetHostname, "asset_hostname"},
		{&p.applicationVulnerability, "application_vulnerability"}, {&p.applicationPort, "application_port"},
		{&p.ipaddressPort, "ipaddress_port"},
	} {
		var err error
		if *e.place, err = newEdges(m, out, head, with, e.name); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// bring reads all rows and sends what they become, vertices before edges.
func (p *mapping) bring(ctx context.Context, data *dataSource) error {
	for _, read := range []func() error{
		func() error { return each(ctx, data, "xrefproperties", p.rememberXref) },
		func() error { return each(ctx, data, "vulnerabilities", p.addVulnerability) },
		func() error { return each(ctx, data, "sites", p.addSite) },
		func() error { return each(ctx, data, "assets", p.addAsset) },
		func() error { return each(ctx, data, "ip_addresses", p.addIPAddress) },
		func() error { return each(ctx, data, "mac_addresses", p.addMACAddress) },
		func() error { return each(ctx, data, "hosts", p.addHost) },
		func() error { return each(ctx, data, "apps", p.addApp) },
		func() error { return each(ctx, data, "ports", p.addPort) },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	for _, v := range []*vertices{p.vulnerability, p.site, p.asset, p.ipaddress, p.macaddress, p.hostname, p.application, p.port} {
		if err := v.flush(); err != nil {
			return err
		}
	}
	if err := p.out.drain(); err != nil {
		return err
	}
	for _, e := range []*edges{p.assetVulnerability, p.siteAsset, p.assetIPAddress, p.assetMACAddress, p.assetHostname,
		p.applicationVulnerability, p.applicationPort, p.ipaddressPort} {
		if err := e.flush(); err != nil {
			return err
		}
	}
	return p.out.drain()
}
