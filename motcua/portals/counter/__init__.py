"""Counter (bộ phận một cửa): receive, print the receipt, hand over."""
