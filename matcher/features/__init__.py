"""Features: each declared once, computed as of a date."""
