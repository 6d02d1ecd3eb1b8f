"""Register (cơ sở dữ liệu dân cư): the register's API (national)."""
