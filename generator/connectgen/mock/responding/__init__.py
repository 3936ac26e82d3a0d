"""Makes responses: values that look right, follow from seed and request, and have the shape of the operation's type."""
