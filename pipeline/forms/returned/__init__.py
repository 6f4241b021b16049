"""The rows of returned forms to entries of progress.csv and submissions.csv."""
