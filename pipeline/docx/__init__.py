"""Word files as they are stored: the zip package, its XML, and the text in it."""
