"""Wheels and source distributions of the clients, of core and of the generator: built, checked, published."""
