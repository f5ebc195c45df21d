"""Sweeps: many settings of strategies and guardrails on the same markets."""
