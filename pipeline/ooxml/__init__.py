"""Word files as they are stored: packages, XML parts, their text."""
