"""Twin: a market fitted to an account's own history, how well it fits, and policies on it."""
