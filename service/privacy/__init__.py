"""What a person may ask about data on them: disclosure, correction, a stop of its use, erasure; how long it is kept."""
