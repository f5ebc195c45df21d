"""Meta Ads: campaigns, ad sets and their budgets through the official client."""
