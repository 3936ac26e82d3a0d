"""Tests of `connectgen generate`."""
