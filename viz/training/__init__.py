"""Networks that are trained here, on small data, while the page shows how far they are."""
