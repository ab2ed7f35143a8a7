"""Log files, archives of them, named pipes and standard input."""
