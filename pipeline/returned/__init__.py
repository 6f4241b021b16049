"""What comes back: the files, whose forms they are, which indicators they answer."""
