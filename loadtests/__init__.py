"""Synthetic participants and benchmarks: the operator's measuring instruments."""
