"""Console (quản trị): agencies, officers, calendars, published versions."""
