"""Years of accounts as the watch over conversion tracking sees them: how often it errs, how soon it sees."""
