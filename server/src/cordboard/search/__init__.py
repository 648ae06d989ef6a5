"""The search over everything that was written, said and noted, in every language of the centre."""
