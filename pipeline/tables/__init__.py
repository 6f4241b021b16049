"""Reading and checking an edition: bytes to typed columns, every problem with its location."""
