"""Rate models of circuits: networks with signed weights, their stability and their responses."""
