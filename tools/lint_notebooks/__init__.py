"""What every notebook of the course keeps to, checked: ``docs/authors.md`` says it in words."""
