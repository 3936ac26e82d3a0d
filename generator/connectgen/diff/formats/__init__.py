"""The formats of a comparison: each a function from a report to text, all in the same order and with the same ids."""
