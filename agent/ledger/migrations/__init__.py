"""Migrations of the ledger's tables, carried in the package."""
