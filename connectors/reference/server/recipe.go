package server

import "fmt"

// row holds the values of a generated row by field name. A reference is the index of a row of the
// referenced collection in the model; a set is a list of these.
type row map[string]any

// recipe defines how many rows of a collection a model has, and the values of row i.
type recipe struct {
	collection string
	count      int
	row        func(i int) row
}

// recipes describe the model of a size, collections that others refer to first. Every asset has a
// site, two vulnerabilities, an address of each kind, a host name and three apps; a single port is
// open at all addresses for all apps. Everything follows from the size: two models of the same size
// differ only in their pks.
func recipes(size int) []recipe {
	return []recipe{
		{"xrefproperties", 3, func(i int) row {
			return row{
				"extref_typename": fmt.Sprintf("catalogue %d", i+1), "extref_value": fmt.Sprintf("REF-%04d", 17*i+1),
				"q_extref_typeid": int64(i + 1),
			}
		}},
		{"vulnerabilities", 2 * size, func(i int) row {
			published := epoch2024 + int64(i%365)*24*60*60*1000
			return row{
				"name":         fmt.Sprintf("vulnerability %d", i),
				"published_on": published, "disclosed_on": published - 7*24*60*60*1000, "updated_on": published + 60*60*1000,
				"vcvssbmid": int64(50000 + i), "base_score": float64(i*37%101) / 10,
				"xref_properties": upTo(0, 3),
			}
		}},
		{"sites", 2, func(i int) row {
			return row{"name": fmt.Sprintf("site %d", i), "address": fmt.Sprintf("%d Harbour Road", i+1)}
		}},
		{"assets", size, func(i int) row {
			return row{
				"name": fmt.Sprintf("asset%d.example.com", i), "type": []string{"Server", "Workstation", "Printer"}[i%3],
				"initial_value": float64(i % 100), "site": i % 2, "vulnerabilities": upTo(2*i, 2*i+2),
			}
		}},
		{"ip_addresses", size, func(i int) row { return row{"address": ipv4(i), "asset": i} }},
		{"mac_addresses", size, func(i int) row { return row{"address": mac(i), "asset": i, "ip_addresses": upTo(i, i+1)} }},
		{"hosts", size, func(i int) row { return row{"host": fmt.Sprintf("host%d.example.com", i), "asset": i} }},
		{"apps", 3 * size, func(i int) row { return row{"name": fmt.Sprintf("app %d", i), "assets": upTo(i/3, i/3+1)} }},
		{"ports", 1, func(int) row {
			return row{
				"port_number": int64(443), "layer7application": "https", "protocol": "TCP", "apps": upTo(0, 3*size),
				"ip_addresses": upTo(0, size),
			}
		}},
	}
}

// upTo lists the rows from..to, without to.
func upTo(from, to int) []int {
	list := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		list = append(list, i)
	}
	return list
}

// ipv4 returns the i-th host address of 10.0.0.0/8, without those that end in 0 and 255.
func ipv4(i int) string {
	net := i / 254
	return fmt.Sprintf("10.%d.%d.%d", net>>8&255, net&255, i%254+1)
}

// mac returns the i-th locally administered address, which no manufacturer uses.
func mac(i int) string {
	return fmt.Sprintf("02:ca:00:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255)
}
