"""A teacher's page: look at answers, give points, explain them. Served on this machine only."""
