"""Tests of what the generated packages look like."""
