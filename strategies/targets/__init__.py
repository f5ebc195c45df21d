"""How campaigns under smart bidding respond to their targets, and which target to move."""
