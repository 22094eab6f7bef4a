"""Figures on real data: `make benchmark BENCH_DATA=folder`."""
