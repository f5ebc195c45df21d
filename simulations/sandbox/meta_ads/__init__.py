"""Meta Ads sandbox: an HTTP server that the official client talks to as if it were the Graph API."""
