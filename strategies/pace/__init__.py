"""Month budgets: stopping when they are used up, and starting again."""
