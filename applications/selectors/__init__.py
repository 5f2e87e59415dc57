"""What pages read: every query of the portal, each scoped to the person who asks."""
