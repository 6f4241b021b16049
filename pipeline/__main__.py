"""`python -m pipeline` is the same program as `jixiao`."""

from pipeline.cli import main

main()
