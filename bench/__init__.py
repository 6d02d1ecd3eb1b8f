"""Speed as ratios, both sides taken in one run; run by `make bench`."""
