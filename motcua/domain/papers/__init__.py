"""Papers (giấy tờ): files of a dossier, statutory slips and issued results."""
