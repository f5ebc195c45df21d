"""Daily budgets of many campaigns under one pot: tracks A and C."""
