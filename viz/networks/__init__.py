"""Networks, or parts of them, as modules of torch: published ones and small ones for digits."""
