"""My data (dữ liệu của tôi): what people ask about their data, and who answers; on both sites."""
