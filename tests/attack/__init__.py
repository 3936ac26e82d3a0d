"""Attacks that take longer than tests may: `make attack` runs them, against this machine alone."""
