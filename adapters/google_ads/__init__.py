"""Google Ads: campaigns and their budgets through the official client."""
