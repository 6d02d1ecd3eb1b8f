"""Office (thụ lý, ký duyệt): my desk, one dossier, one row of buttons."""
