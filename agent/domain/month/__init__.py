"""Month budgets: what a month may cost, and what that leaves for today."""
