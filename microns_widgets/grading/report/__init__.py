"""What grading puts on record: tables for systems, pages for people."""
