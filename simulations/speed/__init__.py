"""Speed: how long decisions take, beside peers, in one run."""
