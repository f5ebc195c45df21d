"""What others do about bids, written from their sources."""
