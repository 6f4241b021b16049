"""What templates see: frozen records, ready to print. pandas ends here."""
