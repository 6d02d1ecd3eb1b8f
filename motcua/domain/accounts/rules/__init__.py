"""What is decided without asking anybody: life of an account, strength of a log-in, shape of a request."""
