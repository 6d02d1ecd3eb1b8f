"""The only place that reads the environment: base, province, national, test."""
