"""Files that are sent in: looked at first, and applied to the data that they were looked at against."""
