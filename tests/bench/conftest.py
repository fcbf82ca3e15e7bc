"""Benchmarks are scripts: pytest looks at none of them."""

collect_ignore_glob = ["*.py"]
