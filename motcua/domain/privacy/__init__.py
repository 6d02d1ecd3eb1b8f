"""Privacy (bảo vệ dữ liệu cá nhân): what people ask about their data, and what a site does with it (both)."""
