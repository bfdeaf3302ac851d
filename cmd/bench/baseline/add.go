package main

import (
	"encoding/json"
	"strconv"
)

// id is the key of a row's vertex.
func id(pk int64) string { return strconv.FormatInt(pk, 10) }

func (p *mapping) rememberXref(row *xrefRow) error {
	pk := id(row.PK)
	object, err := json.Marshal(map[string]any{
		pk: map[string]string{"extref_typename": row.Name, "extref_value": row.Value, "q_extref_typeid": id(row.Type)},
	})
	if err != nil {
		return err
	}
	p.xrefs[reference(pk)] = object[1 : len(object)-1]
	return nil
}

func (p *mapping) addVulnerability(row *vulnerabilityRow) error {
	p.object = append(p.object[:0], '{')
	for _, reference := range row.Xrefs {
		if xref := p.xrefs[reference]; xref != nil {
			if len(p.object) > 1 {
				p.object = append(p.object, ',')
			}
			p.object = append(p.object, xref...)
		}
	}
	p.object = append(p.object, '}')
	pk := id(row.PK)
	return p.vulnerability.begin().text(pk).text(row.Name).number(row.PublishedOn).number(row.DisclosedOn).number(row.UpdatedOn).
		text(id(row.VCVSSBMID)).number(row.BaseScore).object(p.object).end(pk)
}

func (p *mapping) addSite(row *siteRow) error {
	pk := id(row.PK)
	return p.site.begin().text(pk).text(row.Name).text(row.Address).end(pk)
}

func (p *mapping) addAsset(row *assetRow) error {
	pk := id(row.PK)
	p.vulnerabilitiesOf[reference(pk)] = append([]reference(nil), row.Vulnerabilities...)
	for _, vulnerability := range row.Vulnerabilities {
		p.assetVulnerability.add(pk, string(vulnerability))
	}
	if row.Site != "" {
		p.siteAsset.add(string(row.Site), pk)
	}
	return p.asset.begin().text(pk).text(pk).text(row.Name).text(row.Type).number(row.InitialValue).end(pk)
}

func (p *mapping) addIPAddress(row *addressRow) error {
	p.addressOf[reference(id(row.PK))] = row.Address
	p.assetIPAddress.add(string(row.Asset), row.Address)
	return p.ipaddress.begin().text(row.Address).end(row.Address)
}

func (p *mapping) addMACAddress(row *addressRow) error {
	p.assetMACAddress.add(string(row.Asset), row.Address)
	return p.macaddress.begin().text(row.Address).end(row.Address)
}

func (p *mapping) addHost(row *hostRow) error {
	p.assetHostname.add(string(row.Asset), row.Host)
	return p.hostname.begin().text(row.Host).end(row.Host)
}

func (p *mapping) addApp(row *appRow) error {
	pk := id(row.PK)
	for _, asset := range row.Assets {
		for _, vulnerability := range p.vulnerabilitiesOf[asset] {
			p.applicationVulnerability.add(pk, string(vulnerability))
		}
	}
	return p.application.begin().text(pk).text(row.Name).end(pk)
}

func (p *mapping) addPort(row *portRow) error {
	pk := id(row.PK)
	for _, app := range row.Apps {
		p.applicationPort.add(string(app), pk)
	}
	for _, address := range row.IPAddresses {
		if address, ok := p.addressOf[address]; ok {
			p.ipaddressPort.add(address, pk)
		}
	}
	return p.port.begin().text(pk).number(row.Number).text(row.Protocol).text(row.Application).end(pk)
}
