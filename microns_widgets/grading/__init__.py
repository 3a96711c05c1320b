"""Questions, own cells and checks for students; keys, the sandbox and marks for teachers."""
