"""Published networks, or parts of them, as modules of torch."""
