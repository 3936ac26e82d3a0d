"""The catalogue: its YAML files, its model, and the checks on them."""
