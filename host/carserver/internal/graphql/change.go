package graphql

// Change is what a field of a mutation does to the graph.
type Change struct{}

// change translates a field of a mutation.
func change(top *selection) (*Change, error) {
	return nil, problem(codeNotSupported, "this service does not offer %s", top.member.name)
}
