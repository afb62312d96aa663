"""Who someone is: accounts, sessions, forms."""
