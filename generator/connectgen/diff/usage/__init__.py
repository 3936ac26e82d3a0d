"""What Python code uses of a client: followed through its syntax (possible), confirmed by a type checker (certain)."""
