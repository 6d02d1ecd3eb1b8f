"""Words that templates may use: numbers, dates and roles as people read them."""
