// Package httpx is the one room for facts about HTTP and the network that hold for every peer, CAR
// and data sources alike: connections with the proxies and certificate authorities that the
// environment names ([New], [WithTLS], [CheckEnvironment]), what an error of a connection means and
// whether another try can succeed ([Diagnose]), Retry-After ([RetryAfter]), waits that end with
// their context ([Wait]), and serving on a listener or within the process ([Until], [Transport]).
//
// It knows nothing of who is asked. What a status means, which requests are repeated and how a run
// ends is for the clients to say: host/car for CAR, bindings/fetch and bindings/http for data
// sources.
package httpx
