"""The verbs of mdata as a user runs them, and checks of what they print and write."""
