"""What a class's answers say about the questions, and which submissions are alike."""
