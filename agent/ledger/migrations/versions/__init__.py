"""One file for each step of the ledger's tables, in order."""
