"""Proof: each configured guardrail is shown to stop a breach that nothing else stops."""
