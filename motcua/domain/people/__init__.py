"""People (công dân, tổ chức): persons as the province knows them, each copy with its source and time."""
