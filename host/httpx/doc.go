// Package httpx has the facts about HTTP and the network that hold for every peer, CAR and data
// sources alike: connections with the proxies and certificate authorities that the environment
// names ([New], [WithTLS], [CheckEnvironment]), what an error of a connection means and whether
// another try can succeed ([Diagnose]), the encodings of bodies ([Decoded]), the waits that servers
// ask for ([WaitAsked], [RetryAfter]), waits that end with their context ([Wait]), and serving on a
// listener or within the process ([Until], [Transport]).
//
// It knows nothing about the peer. What a status means, which requests are retried and how a run
// ends is decided by the clients: host/car for CAR, bindings/fetch and bindings/http for data
// sources.
package httpx
