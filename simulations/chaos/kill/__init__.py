"""Kill: real processes, real signals and real ledger files, on a platform that lives elsewhere."""
