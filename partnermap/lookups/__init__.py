"""Answers for a person: who is who, what one organization does, several side by side, a draft checked."""
