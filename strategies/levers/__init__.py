"""Which lever an entity's figures ask for."""
