"""The runtime that all sf_connect clients share."""
