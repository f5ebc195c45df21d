"""The limits: frozen dataclasses that allow, clamp or deny."""
