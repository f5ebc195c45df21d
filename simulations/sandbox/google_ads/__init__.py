"""Google Ads sandbox: a gRPC server that the official client talks to as if it were Google."""
