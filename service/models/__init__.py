"""Models over time: trained on what the database holds, compared with the one that serves, activated, rolled back."""
