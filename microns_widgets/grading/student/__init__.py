"""What a student's notebook calls: own cells, checks and choices."""
