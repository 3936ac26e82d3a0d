"""What a call asks for: operations, options, URLs, property paths, and the request built of them."""
