"""What leaves the program: files written whole, the manifest, the published edition, git."""
