"""How much is read right, how much silently wrong, and what is lost: on fresh seeds, and on cases with truth."""
