"""Facts the product carries: prefectures, municipalities, industries, the built-in taxonomy, distances."""
