"""CSV: campaign metrics that were exported from anywhere; can only be read."""
