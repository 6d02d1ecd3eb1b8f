"""Population (cơ sở dữ liệu dân cư): persons, households, purposes and the usage log (national)."""
