"""How campaigns respond to money: learned from daily figures, drawn, and shared out by."""
