"""The guide's JSON examples against the catalogue and the generated models."""
