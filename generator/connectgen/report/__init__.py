"""The catalogue in figures, and everything in it that is open, unsure or corrected."""
