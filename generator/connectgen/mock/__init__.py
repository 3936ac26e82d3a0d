"""`connectgen mock`: a local Connect REST API server that knows every version, made of what the Surfaces say."""
