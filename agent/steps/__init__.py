"""The verbs: eight steps that do not know each other."""
