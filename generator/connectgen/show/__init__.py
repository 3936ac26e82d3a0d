"""Shows an entry of the catalogue with everything filled in."""
