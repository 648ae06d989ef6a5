"""What helps with words: suggestions of answers, variables in texts, languages, spelling. It knows no slice and no database.

Everything here works on this machine alone, and the product goes on without any part that is not installed.
"""
