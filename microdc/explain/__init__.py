"""Why an answer is no, in the words of the problem."""
