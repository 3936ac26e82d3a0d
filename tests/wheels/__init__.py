"""Tests of building, recording, checking and publishing packages."""
