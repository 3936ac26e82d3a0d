"""Stubs: responses that a test orders in place of generated ones, and which requests they are for."""
