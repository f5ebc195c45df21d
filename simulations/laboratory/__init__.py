"""The laboratory: policies side by side on published worlds."""
