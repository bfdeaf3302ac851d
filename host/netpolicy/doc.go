// Package netpolicy says where a connector may connect: the rules of the operator (-allow-net,
// -deny-net) and of the connector ("hosts" in config.json), what is out of bounds for all, and what
// they come to for a host, before its name is looked up and after.
//
// It opens no connection and looks up no name of a data source: package httpx asks it about each
// request and about each address that is about to be dialled, so that the address that was checked
// is the one that is used.
package netpolicy
