"""The outbox: the database is the queue, the broker only a nudge (design §6, promises §1a)."""
