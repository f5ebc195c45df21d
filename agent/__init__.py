"""The agent: observe, decide, guard, plan, approve, apply, verify, learn."""
