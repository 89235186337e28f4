"""Which activities to compare, what speaks for and against, and which class a pair has."""
