"""What each command does, one page each."""
