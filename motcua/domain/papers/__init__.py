"""Papers (giấy tờ): files that belong to a dossier or another subject, and papers that the system prints."""
