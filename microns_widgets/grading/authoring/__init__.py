"""From a master notebook to student notebooks, keys and the Gradescope archive."""
