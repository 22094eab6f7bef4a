"""The service's memory: one relational database, SQLite or PostgreSQL. All SQL of the product lives here."""
