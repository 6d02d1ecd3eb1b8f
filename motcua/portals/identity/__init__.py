"""Identity (định danh): OpenID Provider and log-in pages (national)."""
