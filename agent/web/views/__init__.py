"""Views: what a template gets; plain frozen records, made from the ledger before anything is rendered."""
