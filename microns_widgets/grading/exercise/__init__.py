"""An exercise: its questions, and which cells each student gets."""
