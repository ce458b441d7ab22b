"""The domain: appointments, visits, admission, presence; and the stores that keep them."""
