"""How alike two short texts are in meaning, in Japanese and English, without downloads."""
