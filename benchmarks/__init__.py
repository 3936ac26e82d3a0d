"""Measures time and memory of the generator and of a generated client: `python -m benchmarks`."""
